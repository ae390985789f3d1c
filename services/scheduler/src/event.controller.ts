import { Controller, Inject } from '@nestjs/common';
import { type BatchMessage, Handles } from '#libs/messaging';
import { Breakers } from './breaker/breakers.js';
import { Leader } from './leader.js';
import { Recorder } from './recorder/recorder.js';
import { ON_SCHEDULER_STEP, type OnSchedulerStep } from './scheduler-step.js';

/** Receives stage events and wake-ups, which trigger the recorder and admission. */
@Controller()
export class EventController {
  constructor(
    private readonly recorder: Recorder,
    private readonly breakers: Breakers,
    private readonly leader: Leader,
    @Inject(ON_SCHEDULER_STEP) private readonly onStep: OnSchedulerStep,
  ) {}

  /** Settled stages free credits, so admission follows; before that, the breaker pauses an app that keeps failing. */
  @Handles('events')
  async record(messages: readonly BatchMessage[]): Promise<void> {
    this.onStep('received');
    await this.recorder.record(messages);
    this.onStep('recorded');
    void this.leader.attempt('the circuit breaker', () => this.breakers.save()).then(() => this.leader.admitSoon());
  }

  @Handles('wake-up')
  async wakeUp(subject: string): Promise<void> {
    await this.leader.wake(subject);
  }
}
