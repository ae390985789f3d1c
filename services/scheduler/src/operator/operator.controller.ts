import { Controller, Inject } from '@nestjs/common';
import type { AuditAnswer, CommandAnswer, Explanation, OperatorRequest } from '#libs/contracts';
import { Handles } from '#libs/messaging';
import { ON_SCHEDULER_STEP, type OnSchedulerStep } from '../scheduler-step.js';
import { Auditor } from './auditor.js';
import { Canceller } from './canceller.js';
import { Explainer } from './explainer.js';
import { OncePerKey } from './once-per-key.js';
import { Pauser } from './pauser.js';
import { Redriver } from './redriver.js';
import { Replayer } from './replayer.js';

/** Where requests of operators enter the scheduler, parsed by the transport. */
@Controller()
export class OperatorController {
  constructor(
    private readonly replayer: Replayer,
    private readonly redriver: Redriver,
    private readonly canceller: Canceller,
    private readonly pauser: Pauser,
    private readonly explainer: Explainer,
    private readonly auditor: Auditor,
    private readonly oncePerKey: OncePerKey,
    @Inject(ON_SCHEDULER_STEP) private readonly onStep: OnSchedulerStep,
  ) {}

  @Handles('replay')
  replay(request: OperatorRequest<'replay'>): Promise<CommandAnswer> {
    return this.once('replay', request, () => this.replayer.replay(request));
  }

  @Handles('redrive')
  redrive(request: OperatorRequest<'redrive'>): Promise<CommandAnswer> {
    return this.redriver.redrive(request);
  }

  @Handles('cancel')
  cancel(request: OperatorRequest<'cancel'>): Promise<CommandAnswer> {
    return this.once('cancel', request, () => this.canceller.cancel(request));
  }

  @Handles('pause')
  pause(request: OperatorRequest<'pause'>): Promise<CommandAnswer> {
    return this.once('pause', request, () => this.pauser.pause(request));
  }

  @Handles('resume')
  resume(request: OperatorRequest<'resume'>): Promise<CommandAnswer> {
    return this.once('resume', request, () => this.pauser.resume(request));
  }

  @Handles('explain')
  explain(request: OperatorRequest<'explain'>): Promise<Explanation> {
    return this.explainer.explain(request);
  }

  @Handles('audit')
  audit(request: OperatorRequest<'audit'>): Promise<AuditAnswer> {
    return this.auditor.audit(request);
  }

  private async once<Verb extends 'replay' | 'cancel' | 'pause' | 'resume'>(
    verb: Verb,
    request: OperatorRequest<Verb>,
    work: () => Promise<CommandAnswer>,
  ): Promise<CommandAnswer> {
    const answer = await this.oncePerKey.do(verb, request, work);
    this.onStep('commanded');
    return answer;
  }
}
