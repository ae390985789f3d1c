import { Controller } from '@nestjs/common';
import { Handles, type LiveMessage, type ProgressMessage } from '#libs/messaging';
import { FanOut } from './fan-out.js';

/** Where messages of the recorder and the workers enter the notifier. */
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
