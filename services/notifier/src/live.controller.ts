import { Controller } from '@nestjs/common';
import { Handles, type LiveMessage, type ProgressMessage } from '#libs/messaging';
import { FanOut } from './fan-out.js';

/** Receives commits of the recorder and progress reports of the workers. */
@Controller()
export class LiveController {
  constructor(private readonly fanOut: FanOut) {}

  @Handles('live-commit')
  commit(message: LiveMessage): void {
    this.fanOut.commit(message);
  }

  @Handles('progress')
  progress(message: ProgressMessage): void {
    this.fanOut.reportProgress(message);
  }
}
