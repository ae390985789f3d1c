import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AppReply } from '../src/index.js';
import type { Exchange } from './app-under-test.js';
import { bytes, textOf } from './documents.js';
import type { Generation } from './generations.js';

/** The answer of an app in one situation, without values that differ between runs. */
export interface Recording {
  readonly situation: string;
  /** The document that was sent, if it depends on an earlier answer. */
  readonly input?: string;
  readonly reply:
    Exclude<AppReply, { kind: 'answer' }> | (Omit<AppReply & { kind: 'answer' }, 'body'> & { body: string });
}

/** The recorded answers of one generation: its metadata as text, and its replies. */
export interface RecordedGeneration {
  /** Versions of the SDK and its server. */
  readonly versions: string;
  readonly metadata: string;
  readonly recordings: readonly Recording[];
}

const fileOf = ({ name }: Generation): string =>
  fileURLToPath(new URL(`recordings/${name.replace(/\W+/g, '-')}.json`, import.meta.url));

/** Values that depend on the time and the machine, with their replacements. */
const VOLATILE: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?/g, '2026-01-01T00:00:00.000001'],
  [/\b\d:\d\d:\d\d\.\d{6}\b/g, '0:00:00.000001'],
  [/\/[\w./-]+\/site-packages\//g, '/sdk/'],
  [/\/[\w./-]+\/lib\/python3\.\d+\//g, '/python/'],
  [/\/[\w./-]+\/probe\.py/g, '/app/probe.py'],
];

const scrubbed = (text: string): string =>
  VOLATILE.reduce((remaining, [pattern, replacement]) => remaining.replace(pattern, replacement), text);

/** An exchange in recorded form; `followsAnswer`: its input was itself an answer. */
export const recordingOf = (situation: string, { input, reply }: Exchange, followsAnswer: boolean): Recording => ({
  situation,
  ...(followsAnswer ? { input: scrubbed(textOf(input)) } : {}),
  reply: reply.kind === 'answer' ? { ...reply, body: scrubbed(textOf(reply.body)) } : reply,
});

/** The reply of a recording, for classification. */
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
