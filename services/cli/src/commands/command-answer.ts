import { andMore, type CommandAnswer, commandAnswerSchema } from '#libs/contracts';
import type { Answer } from '../connection/api.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Session } from '../session.js';

/** What a command did or, in a dry run, would do: a sentence and the first items it affects. */
export const commandLines = ({ sentence, items, count }: CommandAnswer): string[] => {
  const others = andMore(count - items.length);
  return [sentence, ...items.map((item) => `  ${item}`), ...(others !== '' && items.length > 0 ? [` ${others}`] : [])];
};

/** Shows what a command did. The exit code is 0 also if the command affected nothing. */
export async function showCommand({ output }: Session, answer: Answer): Promise<ExitCode> {
  await output.show(answer, commandAnswerSchema, commandLines);
  return EXIT.done;
}
