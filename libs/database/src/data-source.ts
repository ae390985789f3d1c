import { DataSource, type DataSourceOptions } from 'typeorm';
import { type ConnectionLimits, limitParameters } from './connection-limits.js';
import { AppBreakerEntity } from './entities/app-breaker.entity.js';
import { AppDurationEntity } from './entities/app-duration.entity.js';
import { AppEntity } from './entities/app.entity.js';
import {
  BatchMarkCountEntity,
  BatchRunCountEntity,
  BatchStageCountEntity,
  ErrorGroupEntity,
} from './entities/batch-counts.entity.js';
import { BatchHoldEntity } from './entities/batch-hold.entity.js';
import { BatchSampleEntity } from './entities/batch-sample.entity.js';
import { BatchBlockEntity } from './entities/batch-block.entity.js';
import { BatchEntity } from './entities/batch.entity.js';
import { CollectionEntity, CollectionFileEntity } from './entities/collection.entity.js';
import { CommandKeyEntity } from './entities/command-key.entity.js';
import { DeletedBatchEntity } from './entities/deleted-batch.entity.js';
import { DocumentEntity } from './entities/document.entity.js';
import { ImportEntity, ImportLineEntity } from './entities/import.entity.js';
import { InstallationEntity } from './entities/installation.entity.js';
import { LeaderEntity } from './entities/leader.entity.js';
import { MediaFileEntity } from './entities/media-file.entity.js';
import { OperatorActionEntity } from './entities/operator-action.entity.js';
import { PastStageRunEntity } from './entities/past-stage-run.entity.js';
import { PipelineEntity, PipelineStageEntity, PipelineVersionEntity } from './entities/pipeline.entity.js';
import { DeferredEventEntity, RecorderCursorEntity, RecorderParkedEntity } from './entities/recorder.entity.js';
import { BatchRetentionEntity, DocumentSweepEntity, RetentionEntity } from './entities/retention.entity.js';
import { RunEntity } from './entities/run.entity.js';
import { SchemaCompatibilityEntity } from './entities/schema-compatibility.entity.js';
import { StageRunEntity } from './entities/stage-run.entity.js';
import { StageProgressEntity } from './entities/stage-progress.entity.js';
import { StreamPositionEntity } from './entities/stream-position.entity.js';
import { UntouchedFileEntity } from './entities/untouched-file.entity.js';
import { UsedSignInCodeEntity } from './entities/used-sign-in-code.entity.js';
import { CreateSpine1764000000000 } from './migrations/1764000000000-create-spine.js';
import { OperateBatches1764100000000 } from './migrations/1764100000000-operate-batches.js';
import { StreamPositions1764200000000 } from './migrations/1764200000000-stream-positions.js';
import { AppBreakers1764210000000 } from './migrations/1764210000000-app-breakers.js';
import { CollectMediaFiles1764310000000 } from './migrations/1764310000000-collect-media-files.js';
import { CommandKeys1764305000000 } from './migrations/1764305000000-command-keys.js';
import { FollowRuns1764340000000 } from './migrations/1764340000000-follow-runs.js';
import { TuneAppsAndPipelines1764320000000 } from './migrations/1764320000000-tune-apps-and-pipelines.js';
import { PrepareBatches1764330000000 } from './migrations/1764330000000-prepare-batches.js';
import { KeepDocuments1764350000000 } from './migrations/1764350000000-keep-documents.js';
import { ReadLargeLists1764410000000 } from './migrations/1764410000000-read-large-lists.js';
import { FindActions1764430000000 } from './migrations/1764430000000-find-actions.js';
import { MeasureDocuments1764440000000 } from './migrations/1764440000000-measure-documents.js';
import { SurviveLostTransactions1764500000000 } from './migrations/1764500000000-survive-lost-transactions.js';
import { AdmitByStage1764520000000 } from './migrations/1764520000000-admit-by-stage.js';
import { HoldBatches1764530000000 } from './migrations/1764530000000-hold-batches.js';
import { ReportWaitingWork1764560000000 } from './migrations/1764560000000-report-waiting-work.js';
import { MarkCompatibleMigrations1764570000000 } from './migrations/1764570000000-mark-compatible-migrations.js';
import { CancelInSlices1764590000000 } from './migrations/1764590000000-cancel-in-slices.js';

const SECOND = 1000;
const CONNECT_WITHIN = 10 * SECOND;

/** The connections of a process. */
export interface PoolOptions {
  readonly poolSize: number;
  /** Default: those of the server, which allow migrations to take as long as they need. */
  readonly limits?: ConnectionLimits;
}

/** TypeORM's options for a Chowda database; only migrations change the schema. */
export const dataSourceOptions = (databaseUrl: string, { poolSize, limits }: PoolOptions): DataSourceOptions => ({
  type: 'postgres',
  url: databaseUrl,
  poolSize,
  connectTimeoutMS: CONNECT_WITHIN,
  applicationName: 'chowda',
  extra: { keepAlive: true, ...(limits && limitParameters(limits)) },
  synchronize: false,
  installExtensions: false,
  logging: false,
  migrationsTableName: 'schema_migrations',
  migrations: [
    CreateSpine1764000000000,
    OperateBatches1764100000000,
    StreamPositions1764200000000,
    AppBreakers1764210000000,
    CommandKeys1764305000000,
    CollectMediaFiles1764310000000,
    FollowRuns1764340000000,
    TuneAppsAndPipelines1764320000000,
    PrepareBatches1764330000000,
    KeepDocuments1764350000000,
    ReadLargeLists1764410000000,
    FindActions1764430000000,
    MeasureDocuments1764440000000,
    SurviveLostTransactions1764500000000,
    AdmitByStage1764520000000,
    HoldBatches1764530000000,
    ReportWaitingWork1764560000000,
    MarkCompatibleMigrations1764570000000,
    CancelInSlices1764590000000,
  ],
  entities: [
    AppBreakerEntity,
    AppDurationEntity,
    AppEntity,
    BatchBlockEntity,
    BatchEntity,
    BatchHoldEntity,
    BatchRetentionEntity,
    BatchSampleEntity,
    BatchRunCountEntity,
    BatchMarkCountEntity,
    BatchStageCountEntity,
    CollectionEntity,
    CollectionFileEntity,
    CommandKeyEntity,
    DeferredEventEntity,
    DeletedBatchEntity,
    DocumentEntity,
    DocumentSweepEntity,
    ErrorGroupEntity,
    ImportEntity,
    ImportLineEntity,
    InstallationEntity,
    LeaderEntity,
    MediaFileEntity,
    OperatorActionEntity,
    PastStageRunEntity,
    PipelineEntity,
    PipelineStageEntity,
    PipelineVersionEntity,
    RecorderCursorEntity,
    RecorderParkedEntity,
    RetentionEntity,
    RunEntity,
    SchemaCompatibilityEntity,
    StageRunEntity,
    StageProgressEntity,
    StreamPositionEntity,
    UntouchedFileEntity,
    UsedSignInCodeEntity,
  ],
});

/** Connects for one task and disconnects afterwards. */
export async function withDataSource<Result>(
  databaseUrl: string,
  task: (dataSource: DataSource) => Promise<Result>,
): Promise<Result> {
  // One connection holds the migration lock, the other migrates.
  const dataSource = new DataSource(dataSourceOptions(databaseUrl, { poolSize: 2 }));
  await dataSource.initialize();
  try {
    return await task(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
