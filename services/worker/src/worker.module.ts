import { type DynamicModule, Module } from '@nestjs/common';
import type { StageRunner as Runner } from './stage-runner.js';
import { StageRunner } from './stage-runner.js';
import { StageController } from './stage.controller.js';

/** One worker: stage messages in, calls of CLAMS apps, settlements and next stages out. */
@Module({ controllers: [StageController] })
export class WorkerModule {
  static with(runner: Runner): DynamicModule {
    return { module: WorkerModule, providers: [{ provide: StageRunner, useValue: runner }] };
  }
}
