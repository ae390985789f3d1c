import { Command } from 'commander';
import { usageError } from '../exit-codes.js';
import { guidsIn, readInput } from '../files/read-input.js';
import type { Session } from '../session.js';

/** Options that select media files. */
export interface GuidOptions {
  readonly files?: string[];
  readonly list?: string;
}

/** Adds the options that select media files, by GUID or by a list of GUIDs. */
export const withGuidOptions = (command: Command): Command =>
  command
    .option('--files <guid...>', 'GUIDs of media files')
    .option('--list <file>', 'text file with one GUID per line; - reads standard input');

/** The selected GUIDs; undefined if neither option was given. */
export async function namedGuids({ stdin }: Session, { files, list }: GuidOptions): Promise<string[] | undefined> {
  if (list === undefined) return files;
  const guids = [...(files ?? []), ...guidsIn(await readInput(list, stdin))];
  if (guids.length === 0) throw usageError(`${list} contains no GUIDs. Expected one per line.`);
  return guids;
}
