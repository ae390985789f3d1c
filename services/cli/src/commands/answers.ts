import { andMore, type CommandAnswer, commandAnswerSchema } from '#libs/contracts';
import type { Answer } from '../connection/api.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Session } from '../session.js';

/** A command in words: what was done or would be, and the first it concerns. */
export const commandLines = ({ sentence, items, count }: CommandAnswer): string[] => {
  const others = andMore(count - items.length);
  return [sentence, ...items.map((item) => `  ${item}`), ...(others !== '' && items.length > 0 ? [` ${others}`] : [])];
};

/** Shows what a command did; one that concerned nothing ends with 0 all the same. */
export async function showCommand({ output }: Session, answer: Answer): Promise<ExitCode> {
  await output.show(answer, commandAnswerSchema, commandLines);
  return EXIT.done;
}
