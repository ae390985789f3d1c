import { type DynamicModule, Module } from '@nestjs/common';
import type { StageRunner as Runner } from './stage-runner.js';
import { StageRunner } from './stage-runner.js';
import { StageController } from './stage.controller.js';

/** One worker: receives stage messages, calls CLAMS apps, publishes settlements and next stages. */
@Module({ controllers: [StageController] })
export class WorkerModule {
  static with(runner: Runner): DynamicModule {
    return { module: WorkerModule, providers: [{ provide: StageRunner, useValue: runner }] };
  }
}
