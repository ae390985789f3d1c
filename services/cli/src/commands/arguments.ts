import { type Command, InvalidArgumentError } from 'commander';

/** Reads a number of at least 1, such as the id of a batch. */
export function positive(text: string): number {
  const number = Number(text);
  if (!/^\d{1,15}$/.test(text) || number < 1) throw new InvalidArgumentError('It is a whole number from 1 on.');
  return number;
}

/** Reads a whole number from 0 on, such as a stage. */
export function natural(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It is a whole number from 0 on.');
  return Number(text);
}

/** Shows how a command is called, below its help. */
export const withExamples = (command: Command, ...lines: readonly string[]): Command =>
  command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  chowda ${line}`).join('\n')}`);

/** Reads an amount, such as a cost. */
export function amount(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number < 0)
    throw new InvalidArgumentError('It is a number from 0 on.');
  return number;
}
