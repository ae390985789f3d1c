import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import {
  callApp,
  type Classification,
  classifyAnswer,
  fetchAppMetadata,
  parseAppMetadata,
  readAppMetadata,
} from '#libs/clams';
import { type Annotation, buildSourceMmif, type Mmif, shortType } from '#libs/mmif';
import { testFolder, waitFor } from '#libs/testing';
import { type DemoApps, startDemoApps } from '../src/start-demo-apps.js';

const SAMPLE = join(import.meta.dirname, '../media/cpb-aacip-512-sample0002.mp4');
const APPS = ['shots', 'text', 'entities'] as const;
type Name = (typeof APPS)[number];
// An app takes a few seconds per call on an idle machine; a loaded one is many times slower.
const CALL_LIMIT_MS = 90_000;
const TEST_LIMIT_MS = 180_000;
const eventually: typeof waitFor = (condition) => waitFor(condition, { within: CALL_LIMIT_MS });

const log: { app: string; msg: string }[] = [];
const logger = pino(
  new Writable({
    write: (line: Buffer, _, done) => {
      log.push(JSON.parse(String(line)) as (typeof log)[number]);
      done();
    },
  }),
);

let apps: DemoApps;
beforeAll(async () => {
  apps = await startDemoApps({ HOST: '127.0.0.1', PORT: 0, LOG_LEVEL: 'info' }, logger);
});
afterAll(() => apps.close());

const urlOf = (name: Name) => apps.urls[APPS.indexOf(name)]!;
const source = (path: string) => buildSourceMmif({ kind: 'video', path });

interface Called {
  readonly answer: Classification;
  /** The output document, and the annotations of its last view that is not a warnings view. */
  readonly output: Uint8Array;
  readonly annotations: readonly Annotation[];
}

/** Calls an app as a worker does. */
async function call(
  name: Name,
  document: Uint8Array,
  parameters: Record<string, number> = {},
  { signal = new AbortController().signal, callId = 'call' } = {},
): Promise<Called> {
  const url = urlOf(name);
  const { identifier } = readAppMetadata(parseAppMetadata(await fetchAppMetadata(url)));
  const reply = await callApp({
    url,
    document,
    parameters,
    declaredTypes: {},
    mmifVersion: '1.0.5',
    deadlineMs: CALL_LIMIT_MS,
    signal,
    callId,
  });
  const output = reply.kind === 'answer' ? reply.body : new Uint8Array();
  const { views } = JSON.parse(new TextDecoder().decode(output)) as Mmif;
  const annotations = views.findLast(({ metadata }) => !metadata.warnings)?.annotations ?? [];
  return { answer: classifyAnswer(reply, document, { name, identifier }), output, annotations };
}

const ofType = ({ annotations }: Called, type: string) =>
  annotations.filter((annotation) => shortType(annotation['@type']) === type).map(({ properties }) => properties);

/** Progress of a running call in percent; undefined if the call is not running. */
async function progress(name: Name, callId: string): Promise<number | undefined> {
  const response = await fetch(`${urlOf(name)}/progress?call=${callId}`);
  const { percent } = (await response.json()) as { percent?: number };
  return percent;
}

describe('the metadata of the demo apps', () => {
  it('is valid for the platform and names the progress path', async () => {
    const metadata = await Promise.all(
      apps.urls.map(async (url) => readAppMetadata(parseAppMetadata(await fetchAppMetadata(url)))),
    );
    expect(metadata.map(({ name, more }) => [name, more['progress']])).toEqual([
      ['Chowda Shots', '/progress'],
      ['Chowda Text', '/progress'],
      ['Chowda Entities', '/progress'],
    ]);
  });
});

describe('shots, text and entities on a sample video', () => {
  it(
    'use the output of each other',
    async () => {
      const shots = await call('shots', source(SAMPLE), { threshold: 0.3 });
      expect(shots.answer).toMatchObject({ outcome: 'ok', warnings: [] });
      const labels = ofType(shots, 'TimeFrame').map(({ label, start }) => `${String(label)} ${String(start)}`);
      expect(labels.slice(0, 4)).toEqual(['black 0', 'shot 1000', 'black 5000', 'shot 6000']);
      expect(ofType(shots, 'Annotation')[0]).toMatchObject({ document: 'd1', fps: 25, duration: 34_000 });
      const [point] = ofType(shots, 'TimePoint');
      expect(ofType(shots, 'TimeFrame')[1]).toMatchObject({ id: 'v_0:tf_2', representatives: [point?.id] });

      const [text] = await Promise.all([
        call('text', shots.output, {}, { callId: 'reading' }),
        eventually(async () => ((await progress('text', 'reading')) ?? 0) > 0),
      ]);
      expect(text.answer).toMatchObject({ outcome: 'ok', warnings: [] });
      const texts = ofType(text, 'TextDocument').map((document) => JSON.stringify(document['text']));
      expect(texts[0]).toContain('DIRECTOR: Paul Bennett');
      expect(texts[0]).toContain('June 2, 1994');
      await eventually(async () => (await progress('text', 'reading')) === undefined);

      const names = await call('entities', text.output);
      expect(names.answer.outcome).toBe('ok');
      const entities = ofType(names, 'NamedEntity').map((entity) => [entity['category'], entity['text']]);
      expect(entities).toContainEqual(['PERSON', 'Paul Bennett']);
      expect(entities).toContainEqual(['LOCATION', 'Chicago']);
      expect(entities).toContainEqual(['ORGANIZATION', 'Smithsonian Institution']);
      const sentences = ofType(names, 'Sentence').map((sentence) => sentence['text']);
      expect(sentences).toContain('John Ellery built the wall in 1852.');
    },
    TEST_LIMIT_MS,
  );
});

describe('an app without the output of an earlier app', () => {
  it(
    'reads the whole video and warns if there are no shots',
    async () => {
      const { answer } = await call('text', source(SAMPLE), { interval: 12_000 });
      expect(answer.outcome).toBe('ok-with-warnings');
      expect(answer.warnings).toEqual([expect.stringContaining('Run the app "shots" before this one')]);
    },
    TEST_LIMIT_MS,
  );

  it('finds no names and warns if there is no text', async () => {
    const { answer } = await call('entities', source(SAMPLE));
    expect(answer.outcome).toBe('empty');
    expect(answer.warnings).toEqual([expect.stringContaining('contains no TextDocument')]);
  });
});

describe('a disconnected client', () => {
  it(
    'stops its call in the app, which then serves the next call',
    async () => {
      const leaving = new AbortController();
      // Handled from the start, so that the rejection does not end the process if the wait below fails.
      const left = call('text', source(SAMPLE), { interval: 200 }, { signal: leaving.signal, callId: 'left' }).catch(
        (error: unknown) => error,
      );
      await eventually(async () => ((await progress('text', 'left')) ?? 0) > 0);
      leaving.abort(new Error('cancelled'));
      expect(await left).toMatchObject({ message: expect.stringContaining('cancelled') });
      await eventually(() =>
        log.some(({ app, msg }) => app === 'Chowda Text' && msg === 'call cancelled by the client'),
      );
      const next = await call('text', source(SAMPLE), { interval: 34_000 });
      expect(next.answer.outcome).not.toBe('unreachable');
      expect(next.answer.success).toBe(true);
    },
    TEST_LIMIT_MS,
  );
});

describe('an unusable input', () => {
  it.each(['shots', 'text'] as const)('is reported by %s if the media file is missing', async (name) => {
    const { answer } = await call(name, source('/nowhere/cpb-aacip-1.mp4'));
    expect(answer).toMatchObject({
      outcome: 'media-missing',
      sentence: `${name} failed: FileNotFoundError: There is no file /nowhere/cpb-aacip-1.mp4.`,
    });
  });

  it('is reported if the file is not a video', async () => {
    const path = join(await testFolder('no-video'), 'notes.mp4');
    await writeFile(path, 'These are notes, not pictures.\n'.repeat(50));
    const { answer } = await call('shots', source(path));
    expect(answer).toMatchObject({
      outcome: 'app-error',
      sentence: expect.stringContaining('NoVideoError'),
      trace: expect.stringContaining('probe-video'),
    });
  });

  it('is reported if a parameter is outside its limits', async () => {
    const { answer } = await call('shots', source(SAMPLE), { threshold: 3 });
    expect(answer.sentence).toBe('shots failed: ValueError: Parameter threshold is 3, but must be between 0 and 1.');
  });
});

describe('a port in use', () => {
  it('fails the start with its address', async () => {
    const taken = Number(new URL(urlOf('text')).port);
    const begun = startDemoApps({ HOST: '127.0.0.1', PORT: taken, LOG_LEVEL: 'info' }, logger);
    await expect(begun).rejects.toThrow(`EADDRINUSE: address already in use 127.0.0.1:${taken}`);
  });
});
