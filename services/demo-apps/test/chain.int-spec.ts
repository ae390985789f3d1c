import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Annotation, appendViews, buildSourceMmif, readMmif, shortType } from '#libs/mmif';
import type { Annotate } from '../src/demo-app.js';
import { findNames } from '../src/entities/entities.app.js';
import { findShots } from '../src/shots/shots.app.js';
import { findText } from '../src/text/text.app.js';
import { TextReader } from '../src/text/text-reader.js';

const SAMPLE = join(import.meta.dirname, '../media/cpb-aacip-512-sample0002.mp4');
const SHOTS = { threshold: 0.3, minDuration: 400 };
const TEXT = { interval: 5000, minConfidence: 60 };

const reader = new TextReader();
afterAll(() => reader.close());

const source = (path: string) => new TextDecoder().decode(buildSourceMmif({ kind: 'video', path }));

/** Runs one app over a document and gives its annotations, its signals and the document with its view. */
async function run<Parameters>(annotate: Annotate<Parameters>, document: string, parameters: Parameters) {
  const percents: number[] = [];
  const warnings: string[] = [];
  const mmif = readMmif(document);
  const annotations = await annotate({
    mmif,
    parameters,
    progress: (percent) => percents.push(percent),
    warn: (message) => warnings.push(message),
  });
  const metadata = { app: 'http://apps.clams.ai/test/v1', contains: {} };
  const output = appendViews(document, [{ id: `v_${mmif.views.length}`, metadata, annotations }]);
  return { annotations, percents, warnings, output };
}

const ofType = (annotations: readonly Annotation[], type: string) =>
  annotations.filter((annotation) => shortType(annotation['@type']) === type).map(({ properties }) => properties);

describe('shots, text and entities on a sample video', () => {
  it('build on each other', async () => {
    const shots = await run(findShots, source(SAMPLE), SHOTS);
    const labels = ofType(shots.annotations, 'TimeFrame').map(
      ({ label, start }) => `${String(label)} ${String(start)}`,
    );
    expect(labels.slice(0, 4)).toEqual(['black 0', 'shot 1000', 'black 5000', 'shot 6000']);
    expect(ofType(shots.annotations, 'Annotation')[0]).toMatchObject({ fps: 25, duration: 34_000 });
    expect(shots.percents.at(-1)).toBe(100);

    const text = await run(findText(reader), shots.output, TEXT);
    const said = ofType(text.annotations, 'TextDocument').map((document) => JSON.stringify(document['text']));
    expect(said[0]).toContain('DIRECTOR: Paul Bennett');
    expect(said[0]).toContain('June 2, 1994');
    expect(text.warnings).toEqual([]);
    expect(text.percents.at(-1)).toBe(100);

    const names = await run(findNames, text.output, {});
    const entities = ofType(names.annotations, 'NamedEntity').map((entity) => [entity['category'], entity['text']]);
    expect(entities).toContainEqual(['PERSON', 'Paul Bennett']);
    expect(entities).toContainEqual(['LOCATION', 'Chicago']);
    expect(entities).toContainEqual(['ORGANIZATION', 'Smithsonian Institution']);
    const sentences = ofType(names.annotations, 'Sentence').map((sentence) => sentence['text']);
    expect(sentences).toContain('John Ellery built the wall in 1852.');
  }, 30_000);
});

describe('an app without the stage before', () => {
  it('reads the whole video and warns when there are no shots', async () => {
    const text = await run(findText(reader), source(SAMPLE), { ...TEXT, interval: 12_000 });
    expect(text.warnings).toEqual([expect.stringContaining('Run the app "shots" before')]);
    expect(text.percents).toHaveLength(3);
  }, 30_000);

  it('finds no names and warns when there is no text', async () => {
    const names = await run(findNames, source(SAMPLE), {});
    expect(names.annotations).toEqual([]);
    expect(names.warnings).toEqual([expect.stringContaining('holds no TextDocument')]);
  });
});

describe('a video that cannot be looked at', () => {
  it('is missing', async () => {
    const document = source('/nowhere/cpb-aacip-1.mp4');
    const missing = { name: 'FileNotFoundError', message: 'There is no file /nowhere/cpb-aacip-1.mp4.' };
    await expect(run(findShots, document, SHOTS)).rejects.toMatchObject(missing);
    await expect(run(findText(reader), document, TEXT)).rejects.toMatchObject(missing);
  });

  it('is no video', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'no-video-'));
    const path = join(folder, 'notes.mp4');
    await writeFile(path, 'These are notes, not pictures.\n'.repeat(50));
    try {
      await expect(run(findShots, source(path), SHOTS)).rejects.toMatchObject({
        name: 'NoVideoError',
        message: expect.stringContaining('no video that FFmpeg can read'),
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
