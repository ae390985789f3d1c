export { OpenTransactions } from './transactions/open-transactions.js';
export { AfterCommit } from './transactions/after-commit.js';
export { DatabaseModule } from './database.module.js';
export { GATEWAY_LIMITS, LEADER_LIMITS } from './connection-limits.js';
export { becomeLeader, type Leadership } from './leader/leader-lock.js';
export {
  AdmissionRepository,
  type RunsInProgress,
  type WaitingBatch,
} from './repositories/admission/admission.repository.js';
export { type ClaimedRun } from './repositories/admission/claim.js';
export {
  AppBreakersRepository,
  type BreakerPause,
  type BreakerRow,
} from './repositories/apps/app-breakers.repository.js';
export { AppDurationsRepository } from './repositories/apps/app-durations.repository.js';
export { type AppAnswer, AppHistoryRepository, type AppPace } from './repositories/apps/app-history.repository.js';
export {
  type AppDescription,
  type AppRegistration,
  AppsRepository,
  type StageApp,
} from './repositories/apps/apps.repository.js';
export { AttemptsRepository } from './repositories/runs/attempts.repository.js';
export { type BatchCopied, BatchCopiesRepository } from './repositories/batches/batch-copies.repository.js';
export { BatchEditsRepository, type BatchFilesEdit } from './repositories/batches/batch-edits.repository.js';
export { BatchInputsRepository, type InputChange } from './repositories/batches/batch-inputs.repository.js';
export { type BatchFilter, BatchListRepository } from './repositories/batches/batch-list.repository.js';
export type { BatchStart, MissingInputs } from './repositories/batches/batch-start.js';
export { BatchPacesRepository, type PaceSample } from './repositories/batches/batch-paces.repository.js';
export { BatchSummaries } from './repositories/batches/batch-summaries.js';
export { type BatchCreation, BatchesRepository } from './repositories/batches/batches.repository.js';
export { CellsRepository } from './repositories/grid/cells.repository.js';
export type { CollectionSource, GivenGuid } from './repositories/collections/collection-files.js';
export { CollectionsRepository } from './repositories/collections/collections.repository.js';
export {
  CommandKeysRepository,
  type KeptAnswer,
  type KeyedCommand,
  KeyReused,
} from './repositories/commands/command-keys.repository.js';
export { DatabaseHealth } from './database-health.js';
export {
  type ExportBatch,
  type ExportRun,
  type ExportStage,
  ExportsRepository,
} from './repositories/runs/exports.repository.js';
export { type Attempt, DocumentsRepository } from './repositories/documents/documents.repository.js';
export { ErrorGroupListRepository } from './repositories/runs/error-group-list.repository.js';
export {
  type ImportedFile,
  ImportsRepository,
  type ImportWriter,
  type KeptLine,
  type RegisteredFile,
  type FileUpdate,
} from './repositories/imports/imports.repository.js';
export { EstimatesRepository, type StageAhead, type WorkAhead } from './repositories/batches/estimates.repository.js';
export { LeaderEpoch, NotLeaderError } from './leader/leader-epoch.js';
export { MediaFileDetailsRepository } from './repositories/media-files/media-file-details.repository.js';
export { type MediaFileChange, MediaFilesRepository } from './repositories/media-files/media-files.repository.js';
export { BatchBlocksRepository, type BlockedBatch } from './repositories/operator/batch-blocks.repository.js';
export { AuditRepository, type BatchAudit, type InconsistentRun } from './repositories/operator/audit.repository.js';
export { BatchHoldsRepository, type HoldRow } from './repositories/holds/batch-holds.repository.js';
export { type BatchHold, HoldRepository } from './repositories/operator/hold.repository.js';
export { type BatchOrderRow, BatchOrdersRepository } from './repositories/operator/batch-orders.repository.js';
export {
  type Cancellation,
  CancelRepository,
  type RunCancellation,
} from './repositories/operator/cancel.repository.js';
export {
  type AppStatus,
  type AppLoad,
  type BatchStatus,
  type BlockingSession,
  type DeferredResults,
  ExplainRepository,
  type RunStatus,
} from './repositories/operator/explain.repository.js';
export { ActionsRepository } from './repositories/operator/actions.repository.js';
export type { OperatorCommand } from './repositories/commands/operator-action.js';
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
} from './repositories/pipelines/pipelines.repository.js';
export {
  type DeferredEvent,
  DeferredEventsRepository,
  type StoredDeferredEvent,
} from './repositories/recorder/deferred-events.repository.js';
export { type RecorderCursor, RecorderCursorRepository } from './repositories/recorder/recorder-cursor.repository.js';
export { RecorderRepository } from './repositories/recorder/recorder.repository.js';
export { ReuseRepository } from './repositories/admission/reuse.repository.js';
export { type RegisteredApp, RegistryRepository } from './repositories/apps/registry.repository.js';
export { type Deletion, DeletionRepository } from './repositories/retention/deletion.repository.js';
export {
  BucketObjectsRepository,
  type JudgedObject,
  type StoredStageDocument,
} from './repositories/retention/bucket-objects.repository.js';
export { DocumentSweepRepository } from './repositories/retention/document-sweep.repository.js';
export { type Removal, RetentionSweepRepository } from './repositories/retention/retention-sweep.repository.js';
export {
  type BatchRetention,
  type InstallationRetention,
  RetentionRepository,
} from './repositories/retention/retention.repository.js';
export { UsageRepository } from './repositories/retention/usage.repository.js';
export { RunsRepository } from './repositories/runs/runs.repository.js';
export { type RunProgress, StageProgressRepository } from './repositories/runs/stage-progress.repository.js';
export { SignInRepository } from './repositories/commands/sign-in.repository.js';
export type { FileSelection } from './repositories/batches/selected-files.js';
export type { PageRange } from './repositories/search/page-range.js';
export type { ArchivedDocument, BatchChange, StageChange } from './repositories/state/stage-change.js';
export { storableText } from './repositories/recorder/storable-text.js';
export { StreamPositionsRepository } from './repositories/sweep/stream-positions.repository.js';
export { RunSweepRepository } from './repositories/retention/run-sweep.repository.js';
export { SweepRepository, type UnsettledStage } from './repositories/sweep/sweep.repository.js';
export { checkSchema, migrate, schemaDrift } from './schema.js';
export { isCollision, isLockTimeout, isUnavailable } from './unavailable.js';
export { ContradictionError, isUnrecordable } from './repositories/recorder/unrecordable.js';
