import { Argument, type Command, InvalidArgumentError, Option } from 'commander';

/** Parses a whole number of at least 1, such as a batch ID. */
export function positive(text: string): number {
  const number = Number(text);
  if (!/^\d{1,15}$/.test(text) || number < 1) throw new InvalidArgumentError('Expected a whole number, 1 or greater.');
  return number;
}

/** Parses a whole number of at least 0, such as a stage index. */
export function natural(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number, 0 or greater.');
  return Number(text);
}

/** Parses a number of at least 0, such as a cost. */
export function amount(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number < 0)
    throw new InvalidArgumentError('Expected a number, 0 or greater.');
  return number;
}

export const batchArgument = (description = 'ID of the batch'): Argument =>
  new Argument('<batch>', description).argParser(positive);

/** A batch whose files can still be changed. */
export const draftArgument = (): Argument => batchArgument('ID of a batch that has not been started');

export const runArgument = (): Argument => new Argument('<run>', 'ID of the run').argParser(positive);

export const appArgument = (): Argument => new Argument('<slug>', 'slug of the app, as "chowda apps list" shows it');

export const fileArgument = (): Argument => new Argument('<guid>', 'GUID of the media file');

export const pipelineArgument = (): Argument => new Argument('<pipeline>', 'name or ID of the pipeline');

export const collectionArgument = (): Argument => new Argument('<collection>', 'name or ID of the collection');

export const limitOption = (): Option => new Option('--limit <number>', 'maximum number of rows').argParser(positive);

/** Index of a stage; `purpose` completes "stage ...", `fallback` describes the default. */
export const stageOption = (purpose: string, fallback?: string): Option =>
  new Option(
    '--stage <index>',
    `stage ${purpose}, counted from 0${fallback === undefined ? '' : `; default: ${fallback}`}`,
  ).argParser(natural);

/** Adds examples below the help of a command. */
export const withExamples = (command: Command, ...lines: readonly string[]): Command =>
  command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  chowda ${line}`).join('\n')}`);
