import { Controller } from '@nestjs/common';
import { Handles, type StageMessage } from '#libs/messaging';
import { StageRunner } from './stage-runner.js';

/** Receives stage messages. */
@Controller()
export class StageController {
  constructor(private readonly runner: StageRunner) {}

  @Handles('stage')
  handle(message: StageMessage): Promise<void> {
    return this.runner.run(message);
  }
}
