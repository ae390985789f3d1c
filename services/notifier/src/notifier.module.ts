import { type DynamicModule, Module } from '@nestjs/common';
import { FanOut } from './fan-out.js';
import { HealthController, IS_CONNECTED } from './health.controller.js';
import { LiveBatches } from './live-batches.js';
import { LiveController } from './live.controller.js';
import { LiveGateway } from './live.gateway.js';
import { NOTIFIER_CONFIG, type NotifierConfig } from './notifier.config.js';

/** Connects LIVE and progress reports with Socket.IO. */
@Module({ controllers: [LiveController, HealthController], providers: [LiveBatches, LiveGateway, FanOut] })
export class NotifierModule {
  static with(config: NotifierConfig, isConnected: () => boolean): DynamicModule {
    return {
      module: NotifierModule,
      providers: [
        { provide: NOTIFIER_CONFIG, useValue: config },
        { provide: IS_CONNECTED, useValue: isConnected },
      ],
    };
  }
}
