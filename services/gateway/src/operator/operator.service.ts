import { Injectable } from '@nestjs/common';
import type { KeyedCommandAnswer, OperatorAnswer, OperatorRequest, OperatorVerb } from '#libs/contracts';
import { SchedulerUnavailable, OperatorRefusal } from '#libs/messaging';
import { keyReused } from '../http/idempotency/command-key.js';
import { sentCommand } from '../http/idempotency/kept-by-scheduler.js';
import { ProblemError, unknown } from '../http/problem-error.js';
import { SchedulerClient } from '../ports.js';

/** Verbs whose commands the scheduler carries out once per key. */
const KEYED: readonly OperatorVerb[] = ['replay', 'cancel', 'pause', 'hold', 'resume'];

/** The resource of a request, as in its path. */
export interface Target {
  readonly noun: 'batch' | 'run' | 'app';
  readonly id: number | string;
}

/**
 * Sends commands on running work (pause, resume, cancel, retry) and questions (explain) to the scheduler, with the actor
 * and the `Idempotency-Key`. Throws ProblemError if the scheduler refuses, or does not respond within 30 s; in that case
 * it may still have carried out the command.
 */
@Injectable()
export class OperatorService {
  constructor(private readonly scheduler: SchedulerClient) {}

  async ask<Verb extends OperatorVerb>(
    verb: Verb,
    { noun, id }: Target,
    request: Partial<OperatorRequest<Verb>>,
  ): Promise<OperatorAnswer<Verb>> {
    // The scheduler would refuse 0 as invalid; for a REST client it is an unknown ID.
    if (id === 0) throw unknown(noun, id);
    try {
      return await this.send(verb, { [noun]: id, ...request });
    } catch (error) {
      if (error instanceof SchedulerUnavailable) throw away(error);
      if (error instanceof OperatorRefusal) throw refused(error, { noun, id });
      throw error;
    }
  }

  private async send<Verb extends OperatorVerb>(
    verb: Verb,
    request: Partial<OperatorRequest<Verb>>,
  ): Promise<OperatorAnswer<Verb>> {
    const sent = sentCommand.getStore();
    if (!sent || !KEYED.includes(verb)) return this.scheduler.ask(verb, request);
    const { replayed = false, ...answer } = (await this.scheduler.ask(verb, {
      ...request,
      key: sent.key,
    })) as KeyedCommandAnswer;
    sent.replayed = replayed;
    return answer as OperatorAnswer<Verb>;
  }
}

const away = (error: SchedulerUnavailable) =>
  new ProblemError(
    503,
    'scheduler-away',
    'The scheduler is not responding',
    `${error.message} It may have carried out the command: check its effect before you send it again.`,
  );

function refused({ code, sentence }: OperatorRefusal, { noun, id }: Target): ProblemError {
  switch (code) {
    case 400:
      return new ProblemError(400, 'invalid-request', 'Invalid request', sentence);
    case 404:
      return unknown(noun, id);
    case 409:
      return new ProblemError(409, 'not-now', 'Not possible in the current state', sentence);
    case 422:
      return keyReused(sentCommand.getStore()?.key ?? '');
    default:
      return new ProblemError(500, 'scheduler-failed', 'Unexpected error in the scheduler', sentence);
  }
}
