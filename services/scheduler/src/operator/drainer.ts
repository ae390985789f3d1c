import { Injectable } from '@nestjs/common';
import { type CommandAnswer, countOf, type OperatorRequest } from '#libs/contracts';
import { ActionsRepository } from '#libs/database';
import { Control, NatsLink } from '#libs/messaging';
import { SchedulerSettings } from '../scheduler-settings.js';
import { noSuch } from './refusals.js';

/** Orders workers to accept no more stages, for example before a machine is shut down. */
@Injectable()
export class Drainer {
  constructor(
    private readonly link: NatsLink,
    private readonly actions: ActionsRepository,
    private readonly settings: SchedulerSettings,
  ) {}

  /** Throws OperatorRefusal when there is no heartbeat of the worker. */
  async drain(request: OperatorRequest<'drain'>): Promise<CommandAnswer> {
    const { worker, actor, dryRun } = request;
    const control = await Control.open(this.link.connection);
    const found = (await control.heartbeats()).filter((heartbeat) => heartbeat.worker === worker);
    if (found.length === 0) throw noSuch('worker', worker);
    const stages = found.reduce((sum, { inFlight }) => sum + inFlight.length, 0);
    const verb = dryRun ? 'would be' : 'is';
    const sentence =
      `Worker ${worker} ${verb} drained: it finishes ${countOf(stages, 'stage')} in flight ` +
      'and accepts no more until it is started again.';
    const answer: CommandAnswer = { ok: true, dryRun, count: stages, sentence, items: [worker] };
    if (dryRun) return answer;
    await control.putDrain({ v: 1, installation: this.settings.installation, worker });
    await this.actions.record({ verb: 'drain', actor, request }, answer);
    return answer;
  }
}
