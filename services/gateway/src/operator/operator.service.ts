import { Injectable } from '@nestjs/common';
import type { KeyedCommandAnswer, OperatorAnswer, OperatorRequest, OperatorVerb } from '#libs/contracts';
import { SchedulerUnavailable, OperatorRefusal } from '#libs/messaging';
import { keyReused } from '../http/idempotency/command-key.js';
import { sentCommand } from '../http/idempotency/kept-by-scheduler.js';
import { ProblemError, unknown } from '../http/problem-error.js';
import { SchedulerDesk } from './scheduler-desk.js';

/** Verbs whose commands the scheduler does once per key. */
const KEYED: readonly OperatorVerb[] = ['replay', 'cancel', 'pause', 'resume'];

/** What a request is about, as its path says. */
export interface Concern {
  readonly noun: 'batch' | 'run' | 'app';
  readonly id: number | string;
}

/** Has the scheduler do what people ask for; throws ProblemError for what it refuses, and when it does not answer. */
@Injectable()
export class OperatorService {
  constructor(private readonly desk: SchedulerDesk) {}

  async ask<Verb extends OperatorVerb>(
    verb: Verb,
    { noun, id }: Concern,
    request: Partial<OperatorRequest<Verb>>,
  ): Promise<OperatorAnswer<Verb>> {
    // The scheduler would say that it does not fit; to the web, it names nothing.
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
    if (!sent || !KEYED.includes(verb)) return this.desk.ask(verb, request);
    const { replayed = false, ...answer } = (await this.desk.ask(verb, {
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
    'The scheduler does not answer',
    `${error.message} Look whether it was done all the same before you ask again.`,
  );

function refused({ code, sentence }: OperatorRefusal, { noun, id }: Concern): ProblemError {
  switch (code) {
    case 400:
      return new ProblemError(400, 'invalid-request', 'The request does not fit', sentence);
    case 404:
      return unknown(noun, id);
    case 409:
      return new ProblemError(409, 'not-now', 'That cannot be done now', sentence);
    case 422:
      return keyReused(sentCommand.getStore()?.key ?? '');
    default:
      return new ProblemError(500, 'scheduler-failed', 'Something went wrong in the scheduler', sentence);
  }
}
