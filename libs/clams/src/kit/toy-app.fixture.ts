import type { Annotation } from '#libs/mmif';
import type { AppDescription } from './app-description.js';
import { createApp } from './create-app.js';
import { ValueError } from './errors.js';

export const VIDEO = 'http://mmif.clams.ai/vocabulary/VideoDocument/v1';
export const TIME_FRAME = 'http://mmif.clams.ai/vocabulary/TimeFrame/v6';
export const TOY = 'http://apps.clams.ai/toy/v1.0';

/** Parameters of every kind; `what` selects the app's behaviour. */
export const toyDescription = {
  name: 'Toy',
  description: 'Behaves as its parameter "what" selects.',
  app_version: 'v1.0',
  mmif_version: '1.2.0',
  app_license: 'Apache-2.0',
  identifier: TOY,
  url: 'https://example.org/toy',
  input: [{ '@type': VIDEO }, [{ '@type': `${TIME_FRAME}` }, { '@type': VIDEO, required: false }]],
  output: [{ '@type': TIME_FRAME, properties: { label: '*' } }],
  parameters: [
    { name: 'needed', description: 'Required.', type: 'integer' },
    { name: 'threshold', description: 'A number.', type: 'number', default: 0.5 },
    { name: 'mode', description: 'A choice.', type: 'string', choices: ['a', 'b'], default: 'a' },
    { name: 'code', description: 'Looks like a number.', type: 'string', default: '1' },
    { name: 'levels', description: 'Several.', type: 'integer', choices: [1, 2, 3], default: 2, multivalued: true },
    { name: 'names', description: 'A map.', type: 'map', default: ['B:bars', 'S:slate'] },
    { name: 'flag', description: 'A boolean.', type: 'boolean', default: false },
    { name: 'what', description: 'What to do.', type: 'string', default: 'frames' },
  ],
  app_tags: ['demo'],
  est_gpu_mem_min: 0,
} as const satisfies AppDescription;

const frame = (id: string, start: number, more: object = {}): Annotation => ({
  '@type': TIME_FRAME,
  properties: { id, start, end: start + 5, timeUnit: 'seconds', document: 'd1', ...more },
});

const frames = () => [frame('tf_1', 0, { label: 'bars' }), frame('tf_2', 5, { representatives: ['tf_1', 'v_9:tp_1'] })];

/** An app that behaves as its parameter `what` selects. */
export const toyApp = () =>
  createApp({
    metadata: toyDescription,
    annotate: ({ parameters, warn }) => {
      switch (parameters.what) {
        case 'nothing':
          return Promise.resolve([]);
        case 'warn':
          warn('The light is poor.');
          return Promise.resolve(frames());
        case 'fail':
          throw new ValueError('The video is upside down.');
        case 'repeat an id':
          return Promise.resolve([frame('tf_1', 0), frame('tf_1', 5)]);
        case 'write nonsense':
          return Promise.resolve([frame('tf_1', 0, { count: 1n })]);
        default:
          return Promise.resolve(frames());
      }
    },
  });

/** A document with one video and the given views, in an unusual spelling that must be preserved. */
export const toyDocument = (views = '[ ]', more = ''): string =>
  `{ "metadata": {"mmif":"http://mmif.clams.ai/1.1.0"},\n "documents": [{"@type":"${VIDEO}","properties":{"id":"d1", "mime":"video", "location":"file:///data/\u010c\u{1f3ac}.mp4"}}${more}],"views": ${views}}\n`;
