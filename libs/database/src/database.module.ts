import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AfterCommit } from './transactions/after-commit.js';
import { dataSourceOptions, type PoolOptions } from './data-source.js';
import { OpenTransactions } from './transactions/open-transactions.js';
import { AmbientDataSource } from './transactions/ambient-data-source.js';
import { AdmissionRepository } from './repositories/admission/admission.repository.js';
import { AppBreakersRepository } from './repositories/apps/app-breakers.repository.js';
import { AppDurationsRepository } from './repositories/apps/app-durations.repository.js';
import { AppHistoryRepository } from './repositories/apps/app-history.repository.js';
import { AppsRepository } from './repositories/apps/apps.repository.js';
import { AttemptsRepository } from './repositories/runs/attempts.repository.js';
import { BatchCopiesRepository } from './repositories/batches/batch-copies.repository.js';
import { BatchEditsRepository } from './repositories/batches/batch-edits.repository.js';
import { BatchInputsRepository } from './repositories/batches/batch-inputs.repository.js';
import { BatchListRepository } from './repositories/batches/batch-list.repository.js';
import { BatchPacesRepository } from './repositories/batches/batch-paces.repository.js';
import { BatchSummaries } from './repositories/batches/batch-summaries.js';
import { BatchesRepository } from './repositories/batches/batches.repository.js';
import { CellsRepository } from './repositories/grid/cells.repository.js';
import { CollectionsRepository } from './repositories/collections/collections.repository.js';
import { CommandKeysRepository } from './repositories/commands/command-keys.repository.js';
import { DatabaseHealth } from './database-health.js';
import { DocumentsRepository } from './repositories/documents/documents.repository.js';
import { ExportsRepository } from './repositories/runs/exports.repository.js';
import { ErrorGroupListRepository } from './repositories/runs/error-group-list.repository.js';
import { ImportsRepository } from './repositories/imports/imports.repository.js';
import { EstimatesRepository } from './repositories/batches/estimates.repository.js';
import { LeaderEpoch } from './leader/leader-epoch.js';
import { MediaFileDetailsRepository } from './repositories/media-files/media-file-details.repository.js';
import { MediaFilesRepository } from './repositories/media-files/media-files.repository.js';
import { AuditRepository } from './repositories/operator/audit.repository.js';
import { BatchHoldsRepository } from './repositories/holds/batch-holds.repository.js';
import { HoldRepository } from './repositories/operator/hold.repository.js';
import { BatchOrdersRepository } from './repositories/operator/batch-orders.repository.js';
import { ActionsRepository } from './repositories/operator/actions.repository.js';
import { CancelRepository } from './repositories/operator/cancel.repository.js';
import { BatchBlocksRepository } from './repositories/operator/batch-blocks.repository.js';
import { ExplainRepository } from './repositories/operator/explain.repository.js';
import { PauseRepository } from './repositories/operator/pause.repository.js';
import { ReplayRepository } from './repositories/operator/replay.repository.js';
import { PipelinesRepository } from './repositories/pipelines/pipelines.repository.js';
import { DeferredEventsRepository } from './repositories/recorder/deferred-events.repository.js';
import { RecorderCursorRepository } from './repositories/recorder/recorder-cursor.repository.js';
import { RecorderRepository } from './repositories/recorder/recorder.repository.js';
import { RegistryRepository } from './repositories/apps/registry.repository.js';
import { DeletionRepository } from './repositories/retention/deletion.repository.js';
import { BucketObjectsRepository } from './repositories/retention/bucket-objects.repository.js';
import { DocumentSweepRepository } from './repositories/retention/document-sweep.repository.js';
import { RetentionRepository } from './repositories/retention/retention.repository.js';
import { RetentionSweepRepository } from './repositories/retention/retention-sweep.repository.js';
import { UsageRepository } from './repositories/retention/usage.repository.js';
import { ReuseRepository } from './repositories/admission/reuse.repository.js';
import { RunsRepository } from './repositories/runs/runs.repository.js';
import { StageProgressRepository } from './repositories/runs/stage-progress.repository.js';
import { SignInRepository } from './repositories/commands/sign-in.repository.js';
import { StreamPositionsRepository } from './repositories/sweep/stream-positions.repository.js';
import { RunSweepRepository } from './repositories/retention/run-sweep.repository.js';
import { SweepRepository } from './repositories/sweep/sweep.repository.js';
import { checkSchema } from './schema.js';
import { checkServer } from './server-check.js';

const REPOSITORIES = [
  AdmissionRepository,
  AfterCommit,
  AppBreakersRepository,
  AppDurationsRepository,
  AppHistoryRepository,
  AppsRepository,
  AttemptsRepository,
  AuditRepository,
  BatchCopiesRepository,
  BatchEditsRepository,
  BatchInputsRepository,
  BatchListRepository,
  BatchHoldsRepository,
  HoldRepository,
  BatchOrdersRepository,
  BatchPacesRepository,
  BatchSummaries,
  BatchesRepository,
  ActionsRepository,
  CancelRepository,
  CellsRepository,
  CollectionsRepository,
  CommandKeysRepository,
  DatabaseHealth,
  DeletionRepository,
  BucketObjectsRepository,
  DocumentSweepRepository,
  DocumentsRepository,
  ErrorGroupListRepository,
  BatchBlocksRepository,
  ExplainRepository,
  ExportsRepository,
  ImportsRepository,
  EstimatesRepository,
  LeaderEpoch,
  MediaFileDetailsRepository,
  MediaFilesRepository,
  OpenTransactions,
  PauseRepository,
  PipelinesRepository,
  DeferredEventsRepository,
  RecorderCursorRepository,
  RecorderRepository,
  RegistryRepository,
  ReplayRepository,
  RetentionRepository,
  RetentionSweepRepository,
  StageProgressRepository,
  RunSweepRepository,
  ReuseRepository,
  RunsRepository,
  SignInRepository,
  StreamPositionsRepository,
  SweepRepository,
  UsageRepository,
];

/** All repositories over one connection pool. The process does not start when the schema does not match the code. */
@Module({})
export class DatabaseModule implements OnModuleInit {
  constructor(private readonly dataSource: DataSource) {}

  static forRoot(databaseUrl: string, pool: PoolOptions): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        // No retries: a service that cannot start exits, and its supervisor restarts it.
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ ...dataSourceOptions(databaseUrl, pool), retryAttempts: 0 }),
          dataSourceFactory: (options) => Promise.resolve(new AmbientDataSource(options!)),
        }),
      ],
      providers: REPOSITORIES,
      exports: REPOSITORIES,
    };
  }

  async onModuleInit(): Promise<void> {
    await checkServer(this.dataSource);
    await checkSchema(this.dataSource);
  }
}
