import { ErrorCode, type NatsConnection, type NatsError } from 'nats';
import {
  auditAnswerSchema,
  explanationSchema,
  keyedCommandAnswerSchema,
  type OperatorAnswer,
  operatorErrorSchema,
  type OperatorRequest,
  operatorSubject,
  type OperatorVerb,
} from '#libs/contracts';
import { SchedulerUnavailable, OperatorRefusal } from '../errors.js';

const ANSWERS = {
  replay: keyedCommandAnswerSchema,
  redrive: keyedCommandAnswerSchema,
  cancel: keyedCommandAnswerSchema,
  pause: keyedCommandAnswerSchema,
  hold: keyedCommandAnswerSchema,
  resume: keyedCommandAnswerSchema,
  drain: keyedCommandAnswerSchema,
  explain: explanationSchema,
  audit: auditAnswerSchema,
} as const;

/**
 * Sends a request to the active scheduler. Rejects with OperatorRefusal when the scheduler rejects it, and with
 * SchedulerUnavailable when there is no answer within `timeout` milliseconds; the command may have been executed
 * nevertheless.
 */
export async function askOperator<Verb extends OperatorVerb>(
  connection: NatsConnection,
  verb: Verb,
  request: Partial<OperatorRequest<Verb>>,
  timeout: number,
): Promise<OperatorAnswer<Verb>> {
  const body = await ask(connection, operatorSubject(verb), request, timeout);
  const refusal = operatorErrorSchema.safeParse(body);
  if (refusal.success) throw new OperatorRefusal(refusal.data.code, refusal.data.sentence);
  return ANSWERS[verb].parse(body) as OperatorAnswer<Verb>;
}

async function ask(connection: NatsConnection, subject: string, request: object, timeout: number): Promise<unknown> {
  try {
    const reply = await connection.request(subject, JSON.stringify(request), { timeout });
    return reply.json<unknown>();
  } catch (error) {
    const { code } = error as NatsError;
    if (code === ErrorCode.NoResponders) throw new SchedulerUnavailable('No scheduler is running.', { cause: error });
    throw new SchedulerUnavailable('The scheduler did not answer in time.', { cause: error });
  }
}
