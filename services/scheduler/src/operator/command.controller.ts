import { Controller, Inject, UseGuards } from '@nestjs/common';
import type { CommandAnswer, OperatorRequest } from '#libs/contracts';
import { Handles } from '#libs/messaging';
import { ON_SCHEDULER_STEP, type OnSchedulerStep } from '../scheduler-step.js';
import { Canceller } from './canceller.js';
import { Holder } from './holder.js';
import { OncePerKey } from './once-per-key.js';
import { Pauser } from './pauser.js';
import { RecorderGuard } from './recorder-guard.js';
import { Replayer } from './replayer.js';

/** Receives operator commands that may have a key, parsed by the transport. */
@Controller()
export class CommandController {
  constructor(
    private readonly replayer: Replayer,
    private readonly canceller: Canceller,
    private readonly pauser: Pauser,
    private readonly oncePerKey: OncePerKey,
  ) {}

  @Inject() private readonly holder!: Holder;
  @Inject(ON_SCHEDULER_STEP) private readonly onStep!: OnSchedulerStep;

  @UseGuards(RecorderGuard)
  @Handles('replay')
  replay(request: OperatorRequest<'replay'>): Promise<CommandAnswer> {
    return this.once('replay', request, () => this.replayer.replay(request));
  }

  @UseGuards(RecorderGuard)
  @Handles('cancel')
  cancel(request: OperatorRequest<'cancel'>): Promise<CommandAnswer> {
    return this.once('cancel', request, () => this.canceller.cancel(request));
  }

  @Handles('pause')
  pause(request: OperatorRequest<'pause'>): Promise<CommandAnswer> {
    return this.once('pause', request, () => this.pauser.pause(request));
  }

  @Handles('hold')
  hold(request: OperatorRequest<'hold'>): Promise<CommandAnswer> {
    return this.once('hold', request, () => this.holder.hold(request));
  }

  @Handles('resume')
  resume(request: OperatorRequest<'resume'>): Promise<CommandAnswer> {
    return this.once('resume', request, () => this.pauser.resume(request));
  }

  private async once<Verb extends 'replay' | 'cancel' | 'pause' | 'hold' | 'resume'>(
    verb: Verb,
    request: OperatorRequest<Verb>,
    work: () => Promise<CommandAnswer>,
  ): Promise<CommandAnswer> {
    const answer = await this.oncePerKey.do(verb, request, work);
    this.onStep('commanded');
    return answer;
  }
}
