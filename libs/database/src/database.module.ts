import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { dataSourceOptions, type PoolOptions } from './data-source.js';
import { AdmissionRepository } from './repositories/admission.repository.js';
import { AppsRepository } from './repositories/apps.repository.js';
import { BatchListRepository } from './repositories/batch-list.repository.js';
import { BatchSummaries } from './repositories/batch-summaries.js';
import { BatchesRepository } from './repositories/batches.repository.js';
import { CellsRepository } from './repositories/cells.repository.js';
import { DatabaseHealth } from './repositories/database-health.js';
import { DocumentsRepository } from './repositories/documents.repository.js';
import { LeaderEpoch } from './repositories/leader-epoch.js';
import { MediaFilesRepository } from './repositories/media-files.repository.js';
import { PipelinesRepository } from './repositories/pipelines.repository.js';
import { RecorderRepository } from './repositories/recorder.repository.js';
import { RegistryRepository } from './repositories/registry.repository.js';
import { RunsRepository } from './repositories/runs.repository.js';
import { SignInRepository } from './repositories/sign-in.repository.js';
import { checkSchema } from './schema.js';

const REPOSITORIES = [
  AdmissionRepository,
  AppsRepository,
  BatchListRepository,
  BatchSummaries,
  BatchesRepository,
  CellsRepository,
  DatabaseHealth,
  DocumentsRepository,
  LeaderEpoch,
  MediaFilesRepository,
  PipelinesRepository,
  RecorderRepository,
  RegistryRepository,
  RunsRepository,
  SignInRepository,
];

/** All repositories over one pool of connections. The process does not start on a schema it is not written for. */
@Module({})
export class DatabaseModule implements OnModuleInit {
  constructor(private readonly dataSource: DataSource) {}

  static forRoot(databaseUrl: string, pool: PoolOptions): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        // No retries here: a service that cannot start ends, and whoever watches it starts it again.
        TypeOrmModule.forRoot({ ...dataSourceOptions(databaseUrl, pool), retryAttempts: 0 }),
      ],
      providers: REPOSITORIES,
      exports: REPOSITORIES,
    };
  }

  async onModuleInit(): Promise<void> {
    await checkSchema(this.dataSource);
  }
}
