import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AppReply } from '../src/index.js';
import type { Exchange } from './app-under-test.js';
import { bytes, textOf } from './documents.js';
import type { Generation } from './generations.js';

/** What an app of a generation answered in one situation, without what differs from day to day. */
export interface Recording {
  readonly situation: string;
  /** The document that was sent, where an earlier answer decides it. */
  readonly input?: string;
  readonly reply:
    Exclude<AppReply, { kind: 'answer' }> | (Omit<AppReply & { kind: 'answer' }, 'body'> & { body: string });
}

/** What one generation answered: its metadata as they arrived, and its replies. */
export interface RecordedGeneration {
  /** Versions of the programs that answered. */
  readonly versions: string;
  readonly metadata: string;
  readonly recordings: readonly Recording[];
}

const fileOf = ({ name }: Generation): string =>
  fileURLToPath(new URL(`recordings/${name.replace(/\W+/g, '-')}.json`, import.meta.url));

/** What depends on the day and the machine, and what stands for it. */
const PASSING: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?/g, '2026-01-01T00:00:00.000001'],
  [/\b\d:\d\d:\d\d\.\d{6}\b/g, '0:00:00.000001'],
  [/\/[\w./-]+\/site-packages\//g, '/sdk/'],
  [/\/[\w./-]+\/lib\/python3\.\d+\//g, '/python/'],
  [/\/[\w./-]+\/probe\.py/g, '/app/probe.py'],
];

const scrubbed = (text: string): string =>
  PASSING.reduce((remaining, [pattern, stand]) => remaining.replace(pattern, stand), text);

/** An exchange as it is kept; `followsAnswer` tells that its input was itself an answer. */
export const recordingOf = (situation: string, { input, reply }: Exchange, followsAnswer: boolean): Recording => ({
  situation,
  ...(followsAnswer ? { input: scrubbed(textOf(input)) } : {}),
  reply: reply.kind === 'answer' ? { ...reply, body: scrubbed(textOf(reply.body)) } : reply,
});

/** The reply of a recording, as it can be judged. */
export const replyOf = ({ reply }: Recording): AppReply =>
  reply.kind === 'answer' ? { ...reply, body: bytes(reply.body) } : reply;

export async function readRecordings(generation: Generation): Promise<RecordedGeneration> {
  return JSON.parse(await readFile(fileOf(generation), 'utf8')) as RecordedGeneration;
}

export async function writeRecordings(generation: Generation, recorded: RecordedGeneration): Promise<void> {
  const file = fileOf(generation);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(recorded, null, 2)}\n`);
}
