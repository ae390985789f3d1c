import { open } from 'node:fs/promises';
import { type Annotation, type Mmif, shortType } from '#libs/mmif';
import { createApp, ValueError } from '../src/index.js';
import { GENERATIONS } from './generations.js';
import { Subject } from './subject.js';

const VOCABULARY = 'http://mmif.clams.ai/vocabulary';
const TIME_FRAME = `${VOCABULARY}/TimeFrame/v6`;
const MEGABYTE = 1_000_000;

const description = {
  name: 'Probe',
  description: 'Behaves as its parameter "what" selects.',
  app_version: 'v1',
  mmif_version: GENERATIONS.kit.mmifVersion,
  app_license: 'Apache-2.0',
  identifier: 'http://apps.clams.ai/probe/v1',
  url: 'https://example.org/probe',
  input: [
    { '@type': `${VOCABULARY}/VideoDocument/v1` },
    [{ '@type': `${VOCABULARY}/AudioDocument/v1` }, { '@type': `${VOCABULARY}/TextDocument/v1` }],
  ],
  output: [{ '@type': TIME_FRAME, properties: { frameType: 'bars' } }],
  parameters: [
    { name: 'what', type: 'string', default: 'ok', description: 'How to behave.' },
    { name: 'needed', type: 'integer', description: 'A required integer.' },
    { name: 'count', type: 'integer', default: 1, description: 'How many annotations, or megabytes, to add.' },
    { name: 'label', type: 'string', default: '1', description: 'A text whose default looks like a number.' },
    { name: 'seconds', type: 'number', default: 0.5, description: 'A number.' },
    { name: 'mode', type: 'string', choices: ['a', 'b'], default: 'a', description: 'One of two.' },
    { name: 'modes', type: 'string', choices: ['a', 'b'], default: ['a'], multivalued: true, description: 'Of two.' },
    { name: 'flag', type: 'boolean', default: false, description: 'Off unless set.' },
    { name: 'on', type: 'boolean', default: true, description: 'On unless set.' },
    { name: 'labels', type: 'string', default: [], multivalued: true, description: 'Any number of texts.' },
    { name: 'sizes', type: 'integer', default: [1, 2], multivalued: true, description: 'Any number of integers.' },
    { name: 'names', type: 'map', default: ['B:bars', 'S:slate'], description: 'Texts by key.' },
  ],
} as const;

const about = { timeUnit: 'milliseconds', document: 'd1' };

const frames = (count: number): Annotation[] =>
  Array.from({ length: count }, (_, index) => ({
    '@type': TIME_FRAME,
    properties: { id: `tf_${index + 1}`, ...about, start: index, end: index + 1, frameType: 'bars' },
  }));

const text = (value: string): Annotation[] => [
  { '@type': `${VOCABULARY}/TextDocument/v1`, properties: { id: 'td_1', text: { '@value': value } } },
];

const aligned = (): Annotation[] => [
  ...[0, 1000].map((place, index) => ({
    '@type': `${VOCABULARY}/TimePoint/v5`,
    properties: { id: `tp_${index + 1}`, ...about, timePoint: place },
  })),
  {
    '@type': TIME_FRAME,
    properties: { id: 'tf_1', ...about, targets: ['tp_1', 'tp_2'], representatives: ['tp_1'], frameType: 'bars' },
  },
];

/** Ids of the annotations to which the TimeFrames in earlier views refer. */
function followed({ views }: Mmif): string {
  const found = views.flatMap(({ annotations }) => {
    const ids = new Set(annotations.map(({ properties }) => properties.id));
    const frames = annotations.filter(({ '@type': type }) => shortType(type) === 'TimeFrame');
    const targets = frames.flatMap(({ properties }) => (properties['targets'] as string[] | undefined) ?? []);
    return targets.filter((target) => ids.has(target));
  });
  return found.join(' ') || 'none';
}

const frameRate = (): Annotation => ({
  '@type': `${VOCABULARY}/Annotation/v6`,
  properties: { id: 'a_1', document: 'd1', fps: 29.97, duration: 7000 },
});

/** The suite's app on the kit: the behaviours of the Python app that the kit supports. */
const probe = createApp({
  metadata: description,
  annotate: async ({ mmif, parameters, warn }): Promise<Annotation[]> => {
    const videos = mmif.documents.filter(({ '@type': type }) => shortType(type) === 'VideoDocument');
    switch (parameters.what) {
      case 'echo':
        return text(JSON.stringify(parameters));
      case 'huge':
        return text('x'.repeat(parameters.count * MEGABYTE));
      case 'aligned':
        return aligned();
      case 'follow':
        return text(followed(mmif));
      case 'frame rate':
        return [frameRate()];
      case 'frames and frame rate':
        return [...frames(2), frameRate()];
      case 'empty':
        return [];
      case 'warn':
        warn('careful');
        return frames(1);
      case 'only warn':
        warn('No TimePoint annotations found');
        return [];
      case 'fail':
        throw new ValueError('no bars in cpb-aacip-1: größer');
      case 'open missing':
        await (await open('/nowhere/cpb-aacip-1.mp4')).close();
        return [];
      case 'exhaust':
        throw new Error('MemoryError: cannot hold the model');
      default:
        return videos.length === 0 ? [] : frames(parameters.count);
    }
  },
});

/** The suite's app on the TypeScript kit. */
export const kitSubject = (): Subject =>
  new Subject(GENERATIONS.kit, GENERATIONS.kit.name, async () => {
    const { url } = await probe.listen(0);
    return { url, stop: () => probe.close() };
  });
