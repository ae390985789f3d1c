import { Controller } from '@nestjs/common';
import { type BatchMessage, Handles } from '#libs/messaging';
import { Admission } from '../admission/admission.js';
import { Leader } from '../leader.js';
import { Recorder } from './recorder.js';

/** Where events and wake-ups enter the scheduler. */
@Controller()
export class EventController {
  constructor(
    private readonly recorder: Recorder,
    private readonly admission: Admission,
    private readonly leader: Leader,
  ) {}

  /** Settled stages free credits, so that runs may enter afterwards. */
  @Handles('events')
  async record(messages: readonly BatchMessage[]): Promise<void> {
    await this.recorder.record(messages);
    void this.leader.attempt('admission', () => this.admission.admit());
  }

  @Handles('wake-up')
  async wakeUp(subject: string): Promise<void> {
    await this.leader.wake(subject);
  }
}
