import { Command } from 'commander';
import { usageError } from '../exit-codes.js';
import { guidsIn, readInput } from '../files/read-input.js';
import type { Session } from '../session.js';

/** Options that name media files. */
export interface GuidOptions {
  readonly files?: string[];
  readonly list?: string;
}

/** Lets a command take GUIDs: one by one, or those of a list. */
export const withGuidOptions = (command: Command): Command =>
  command
    .option('--files <guid...>', 'GUIDs of media files')
    .option('--list <file>', 'a text file with a GUID on each line; - reads standard input');

/** The GUIDs that were named; undefined when none of the options was given. */
export async function namedGuids({ stdin }: Session, { files, list }: GuidOptions): Promise<string[] | undefined> {
  if (list === undefined) return files;
  const guids = [...(files ?? []), ...guidsIn(await readInput(list, stdin))];
  if (guids.length === 0) throw usageError(`${list} has no GUIDs: it takes one on each line.`);
  return guids;
}
