export { AfterCommit } from './after-commit.js';
export { DatabaseModule } from './database.module.js';
export { becomeLeader, type Leadership } from './leader-lock.js';
export { AdmissionRepository, type ClaimedRun, type WaitingBatch } from './repositories/admission.repository.js';
export { AppBreakersRepository, type BreakerPause, type BreakerRow } from './repositories/app-breakers.repository.js';
export { type AppAnswer, AppHistoryRepository, type AppPace } from './repositories/app-history.repository.js';
export {
  type AppDescription,
  type AppRegistration,
  AppsRepository,
  type StageApp,
} from './repositories/apps.repository.js';
export { AttemptsRepository } from './repositories/attempts.repository.js';
export { type BatchCopied, BatchCopiesRepository } from './repositories/batch-copies.repository.js';
export { BatchEditsRepository, type BatchFilesEdit } from './repositories/batch-edits.repository.js';
export { BatchInputsRepository, type InputChange } from './repositories/batch-inputs.repository.js';
export { type BatchFilter, BatchListRepository } from './repositories/batch-list.repository.js';
export type { BatchStart, MissingInputs } from './repositories/batch-start.js';
export { BatchPacesRepository, type PaceSample } from './repositories/batch-paces.repository.js';
export { BatchSummaries } from './repositories/batch-summaries.js';
export { type BatchCreation, BatchesRepository } from './repositories/batches.repository.js';
export { CellsRepository } from './repositories/cells.repository.js';
export type { CollectionSource, GivenGuid } from './repositories/collection-files.js';
export { CollectionsRepository } from './repositories/collections.repository.js';
export {
  CommandKeysRepository,
  type KeptAnswer,
  type KeyedCommand,
  KeyReused,
} from './repositories/command-keys.repository.js';
export { DatabaseHealth } from './repositories/database-health.js';
export {
  type ExportBatch,
  type ExportRun,
  type ExportStage,
  ExportsRepository,
} from './repositories/exports.repository.js';
export { type Attempt, DocumentsRepository } from './repositories/documents.repository.js';
export { ErrorGroupListRepository } from './repositories/error-group-list.repository.js';
export {
  type ImportedFile,
  ImportsRepository,
  type ImportWriter,
  type KeptLine,
  type RegisteredFile,
  type SaidOfFile,
} from './repositories/imports.repository.js';
export { EstimatesRepository, type StageAhead, type WorkAhead } from './repositories/estimates.repository.js';
export { LeaderEpoch, NotLeaderError } from './repositories/leader-epoch.js';
export { MediaFileDetailsRepository } from './repositories/media-file-details.repository.js';
export { type MediaFileChange, MediaFilesRepository } from './repositories/media-files.repository.js';
export { AuditRepository, type BatchAudit, type OddRun } from './repositories/operator/audit.repository.js';
export { type BatchOrderRow, BatchOrdersRepository } from './repositories/operator/batch-orders.repository.js';
export {
  type Cancellation,
  CancelRepository,
  type RunCancellation,
} from './repositories/operator/cancel.repository.js';
export {
  type AppFacts,
  type AppLoad,
  type BatchFacts,
  ExplainRepository,
  type RunFacts,
} from './repositories/operator/explain.repository.js';
export { ActionsRepository } from './repositories/operator/actions.repository.js';
export type { OperatorCommand } from './repositories/operator/operator-action.js';
export {
  type AppPause,
  type BatchPause,
  type Pause,
  PauseRepository,
} from './repositories/operator/pause.repository.js';
export type { Miscount } from './repositories/operator/recount.js';
export {
  type LeftOut,
  type Replay,
  ReplayRepository,
  type ReplayRun,
  type ReplayTarget,
} from './repositories/operator/replay.repository.js';
export {
  type NewPipelineRow,
  type PipelineChange,
  type PipelineFilter,
  PipelinesRepository,
} from './repositories/pipelines.repository.js';
export { RecorderRepository } from './repositories/recorder.repository.js';
export { ReuseRepository } from './repositories/reuse.repository.js';
export { type RegisteredApp, RegistryRepository } from './repositories/registry.repository.js';
export { type Deletion, DeletionRepository } from './repositories/retention/deletion.repository.js';
export { DocumentSweepRepository } from './repositories/retention/document-sweep.repository.js';
export { type Removal, RetentionSweepRepository } from './repositories/retention/retention-sweep.repository.js';
export {
  type BatchRetention,
  type InstallationRetention,
  RetentionRepository,
} from './repositories/retention/retention.repository.js';
export { UsageRepository } from './repositories/retention/usage.repository.js';
export { RunsRepository } from './repositories/runs.repository.js';
export { SignInRepository } from './repositories/sign-in.repository.js';
export type { FileSelection } from './repositories/selected-files.js';
export type { Slice } from './repositories/slice.js';
export type { ArchivedDocument, BatchChange, StageChange } from './repositories/stage-change.js';
export { storableText } from './repositories/storable.js';
export { StreamPositionsRepository } from './repositories/stream-positions.repository.js';
export { RunSweepRepository } from './repositories/retention/run-sweep.repository.js';
export { SweepRepository, type UnsettledStage } from './repositories/sweep.repository.js';
export { checkSchema, migrate, schemaDrift } from './schema.js';
export { isCollision, isUnavailable } from './unavailable.js';
export { isUnrecordable } from './unrecordable.js';
