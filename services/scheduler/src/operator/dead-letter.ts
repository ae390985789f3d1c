import { readSlip } from '#libs/contracts';
import type { StoredMessage } from '#libs/messaging';
import type { DeadLetterStatus } from './situation.js';

/** The headers of a dead letter, as the worker wrote them. */
export const deadLetterStatus = ({ sequence, headers }: StoredMessage): DeadLetterStatus => ({
  sequence,
  of: Number(headers.get('Chowda-Orig-Seq') ?? 0),
  reason: headers.get('Chowda-Reason') ?? 'unknown',
  sentence: headers.get('Chowda-Error') ?? '',
});

/** The stage of a dead letter; a sentence with the reason when that stage cannot be run again from here. */
export function stageOfLetter(letter: StoredMessage, installation: string): { run: number; index: number } | string {
  const { sequence, reason, sentence } = deadLetterStatus(letter);
  const read = readSlip(letter.body);
  if (reason === 'malformed' || typeof read === 'string' || !read.slip.route[read.slip.index])
    return `Dead letter ${sequence} is malformed (${sentence}) and does not name a run. Find out what published it.`;
  const { slip } = read;
  if (reason === 'foreign' || slip.installation !== installation)
    return `Dead letter ${sequence} belongs to another installation (${slip.installation}): its run is in another database.`;
  return { run: slip.run, index: slip.index };
}
