import { auditAnswerSchema, operatorSubject } from '#libs/contracts';
import type { NatsLink } from '#libs/messaging';

const ANSWER_WITHIN_MS = 60_000;

/** Has the scheduler recount every batch; a sentence for each counter that is not what its rows say. */
export async function auditCounters({ connection }: NatsLink): Promise<string[]> {
  const answer = await connection.request(operatorSubject('audit'), JSON.stringify({ actor: 'chaos' }), {
    timeout: ANSWER_WITHIN_MS,
  });
  return auditAnswerSchema.parse(answer.json()).disagreements;
}
