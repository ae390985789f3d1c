import { type DynamicModule, Module } from '@nestjs/common';
import { AfterCommit } from '#libs/database';
import { AccessModule } from './access/access.module.js';
import { ActionsModule } from './actions/actions.module.js';
import { AppMetadataSource } from './apps/app-metadata.js';
import { AppsModule } from './apps/apps.module.js';
import { BatchesModule } from './batches/batches.module.js';
import { CollectionsModule } from './collections/collections.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { GATEWAY_CONFIG, type GatewayConfig } from './gateway.config.js';
import { HealthController } from './health/health.controller.js';
import { IdempotencyModule } from './http/idempotency/idempotency.module.js';
import { ImportsModule } from './imports/imports.module.js';
import { TurnsModule } from './http/turns/turns.module.js';
import { OpenApiModule } from './http/openapi/openapi.module.js';
import { MediaModule } from './media/media.module.js';
import { MediaFilesModule } from './media-files/media-files.module.js';
import { OperatorModule } from './operator/operator.module.js';
import { SchedulerDesk } from './operator/scheduler-desk.js';
import { PipelinesModule } from './pipelines/pipelines.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { RunsModule } from './runs/runs.module.js';
import { WakeUps } from './wake-ups.js';

/** What the gateway is given from outside. */
export interface GatewayEdges {
  readonly database: DynamicModule;
  readonly wakeUps: WakeUps;
  readonly appMetadata: AppMetadataSource;
  readonly schedulerDesk: SchedulerDesk;
}

/** REST and sign-in. */
@Module({
  imports: [
    AccessModule,
    // Interceptors come in this order.
    TurnsModule,
    IdempotencyModule,
    ImportsModule,
    OpenApiModule,
    MediaFilesModule,
    MediaModule,
    CollectionsModule,
    AppsModule,
    PipelinesModule,
    BatchesModule,
    RunsModule,
    ExportsModule,
    RetentionModule,
    OperatorModule,
    ActionsModule,
  ],
  controllers: [HealthController],
})
export class GatewayModule {
  static with(config: GatewayConfig, { database, wakeUps, appMetadata, schedulerDesk }: GatewayEdges): DynamicModule {
    return {
      module: GatewayModule,
      global: true,
      imports: [database],
      providers: [
        { provide: GATEWAY_CONFIG, useValue: config },
        {
          provide: WakeUps,
          inject: [AfterCommit],
          useFactory: (afterCommit: AfterCommit): WakeUps => ({
            wake: (subject) => void afterCommit.do(() => wakeUps.wake(subject)),
          }),
        },
        { provide: AppMetadataSource, useValue: appMetadata },
        { provide: SchedulerDesk, useValue: schedulerDesk },
      ],
      exports: [GATEWAY_CONFIG, WakeUps, AppMetadataSource, SchedulerDesk, database],
    };
  }
}
