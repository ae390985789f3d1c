import { Controller, UseGuards } from '@nestjs/common';
import type { AuditAnswer, CommandAnswer, Explanation, OperatorRequest } from '#libs/contracts';
import { Handles } from '#libs/messaging';
import { Auditor } from './auditor.js';
import { Drainer } from './drainer.js';
import { Explainer } from './explainer.js';
import { RecorderGuard } from './recorder-guard.js';
import { Redriver } from './redriver.js';

/** Receives the operator requests for troubleshooting, parsed by the transport. */
@Controller()
export class MaintenanceController {
  constructor(
    private readonly explainer: Explainer,
    private readonly auditor: Auditor,
    private readonly redriver: Redriver,
    private readonly drainer: Drainer,
  ) {}

  @Handles('explain')
  explain(request: OperatorRequest<'explain'>): Promise<Explanation> {
    return this.explainer.explain(request);
  }

  @Handles('audit')
  audit(request: OperatorRequest<'audit'>): Promise<AuditAnswer> {
    return this.auditor.audit(request);
  }

  @UseGuards(RecorderGuard)
  @Handles('redrive')
  redrive(request: OperatorRequest<'redrive'>): Promise<CommandAnswer> {
    return this.redriver.redrive(request);
  }

  @Handles('drain')
  drain(request: OperatorRequest<'drain'>): Promise<CommandAnswer> {
    return this.drainer.drain(request);
  }
}
