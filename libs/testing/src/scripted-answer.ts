import { randomBytes } from 'node:crypto';

interface Mmif {
  readonly metadata: object;
  readonly documents: readonly { readonly properties: { readonly id: string } }[];
  readonly views: readonly { readonly id: string }[];
}

const TIME_FRAME = 'http://mmif.clams.ai/vocabulary/TimeFrame/v5';
const ANNOTATION = 'http://mmif.clams.ai/vocabulary/Annotation/v6';

/** The content of the new view of an answer. */
export interface NewView {
  /** Number of TimeFrames; default: 1. */
  readonly annotations?: number;
  /** Bytes of padding in a property of the first TimeFrame, for large documents. */
  readonly padBytes?: number;
  /** Bytes of random text in a property of the first TimeFrame, for documents that stay large when compressed. */
  readonly noiseBytes?: number;
  /** Warnings of the app. */
  readonly warnings?: readonly string[];
  /** Duration of the media in ms, as an annotation of type `Annotation`. */
  readonly duration?: number;
  /** Message of an error view; such a view has no annotations. */
  readonly error?: string;
}

/** The input document with a new view of an app after its views; warnings follow in a separate view. */
export function answerBody(document: Buffer, app: string, content: NewView): string {
  const mmif = JSON.parse(document.toString('utf8')) as Mmif;
  const id = `v_${mmif.views.length}`;
  const source = mmif.documents[0]?.properties.id ?? 'd1';
  const signature = { app, timestamp: '2026-01-01T00:00:00.000000' };
  const { metadata, annotations } = content.error === undefined ? found(id, source, content) : failed(content.error);
  const view = { id, metadata: { ...signature, ...metadata }, annotations };
  const { warnings } = content;
  const warned = { id: `v_${mmif.views.length + 1}`, metadata: { ...signature, warnings }, annotations: [] };
  return JSON.stringify({ ...mmif, views: [...mmif.views, view, ...(warnings ? [warned] : [])] });
}

const failed = (error: string) => ({
  metadata: { error: { message: `<class 'ValueError'>: ${error}`, stackTrace: 'File "app.py", line 1' } },
  annotations: [],
});

const found = (view: string, source: string, { annotations = 1, padBytes = 0, noiseBytes = 0, duration }: NewView) => ({
  metadata: {
    contains: {
      [TIME_FRAME]: { document: source, timeUnit: 'milliseconds' },
      ...(duration === undefined ? {} : { [ANNOTATION]: { document: source } }),
    },
  },
  annotations: [
    ...timeFrames(view, annotations, 'x'.repeat(padBytes) + noise(noiseBytes)),
    ...(duration === undefined ? [] : [length(view, duration)]),
  ],
});

const length = (view: string, duration: number) => ({
  '@type': ANNOTATION,
  properties: { id: `${view}:length`, duration, durationTimeUnit: 'milliseconds' },
});

const noise = (bytes: number) => randomBytes(Math.ceil((bytes * 3) / 4)).toString('base64');

const timeFrames = (view: string, count: number, padding: string) =>
  Array.from({ length: count }, (_, index) => ({
    '@type': TIME_FRAME,
    properties: {
      id: `${view}:tf_${index}`,
      start: index * 1000,
      end: index * 1000 + 900,
      label: 'scene',
      ...(index === 0 && padding !== '' ? { padding } : {}),
    },
  }));
