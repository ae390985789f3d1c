import type { z } from 'zod';
import { decodeBody, slipSchema } from '#libs/contracts';
import type { StoredMessage } from '#libs/messaging';
import type { DeadLetterFacts } from './situation.js';

/** The first line of a stored message; null when it does not fit. */
export function readHead<Value>({ body }: StoredMessage, schema: z.ZodType<Value>): Value | null {
  try {
    return schema.parse(decodeBody(body).head);
  } catch {
    return null;
  }
}

/** What the headers of a dead letter say, as the worker has written them. */
export const deadLetterFacts = ({ sequence, headers }: StoredMessage): DeadLetterFacts => ({
  sequence,
  of: Number(headers.get('Chowda-Orig-Seq') ?? 0),
  reason: headers.get('Chowda-Reason') ?? 'unknown',
  sentence: headers.get('Chowda-Error') ?? '',
});

/** The stage that a dead letter is of; a text says why that stage cannot be run again from here. */
export function stageOfLetter(letter: StoredMessage, installation: string): { run: number; index: number } | string {
  const { sequence, reason, sentence } = deadLetterFacts(letter);
  const slip = readHead(letter, slipSchema);
  if (reason === 'malformed' || !slip?.route[slip.index])
    return `Dead letter ${sequence} is malformed (${sentence}): it names no run. Look at who published it.`;
  if (reason === 'foreign' || slip.installation !== installation)
    return `Dead letter ${sequence} is of another installation (${slip.installation}): its run is in another database.`;
  return { run: slip.run, index: slip.index };
}
