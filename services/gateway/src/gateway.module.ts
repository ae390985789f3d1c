import { type DynamicModule, Module } from '@nestjs/common';
import { AfterCommit } from '#libs/database';
import { AccessModule } from './access/access.module.js';
import { ActionsModule } from './actions/actions.module.js';
import { AppsModule } from './apps/apps.module.js';
import { BatchesModule } from './batches/batches.module.js';
import { CollectionsModule } from './collections/collections.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { GATEWAY_CONFIG, type GatewayConfig } from './gateway.config.js';
import { HealthController } from './health/health.controller.js';
import { InterceptorsModule } from './http/interceptors.module.js';
import { ImportsModule } from './imports/imports.module.js';
import { OpenApiModule } from './http/openapi/openapi.module.js';
import { MediaFilesModule } from './media-files/media-files.module.js';
import { OperatorModule } from './operator/operator.module.js';
import { PipelinesModule } from './pipelines/pipelines.module.js';
import { AppMetadataSource, type GatewayPorts, SchedulerClient, WakeUps } from './ports.js';
import { RetentionModule } from './retention/retention.module.js';
import { RunsModule } from './runs/runs.module.js';

/** REST, sign-in and the web client. */
@Module({
  imports: [
    AccessModule,
    InterceptorsModule,
    ImportsModule,
    OpenApiModule,
    MediaFilesModule,

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
  static with(config: GatewayConfig, { database, wakeUps, appMetadata, scheduler }: GatewayPorts): DynamicModule {
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
            isConnected: () => wakeUps.isConnected(),
          }),
        },
        { provide: AppMetadataSource, useValue: appMetadata },
        { provide: SchedulerClient, useValue: scheduler },
      ],
      exports: [GATEWAY_CONFIG, WakeUps, AppMetadataSource, SchedulerClient, database],
    };
  }
}
