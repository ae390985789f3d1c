import { appendViews, buildSourceMmif, readMmif, type View } from '#libs/mmif';

/** The input of most calls. */
export const sourceDocument: Uint8Array = buildSourceMmif({ kind: 'video', path: '/media/cpb-aacip-1.mp4' });

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (document: Uint8Array): string => new TextDecoder().decode(document);

/** The source document under the vocabulary of MMIF 1.2. */
export const newVocabularyDocument: Uint8Array = bytes(
  textOf(sourceDocument).replace(
    'http://mmif.clams.ai/vocabulary/VideoDocument/v1',
    'http://clams.ai/vocabulary/type/VideoDocument/v2',
  ),
);

const OLD = 'http://mmif.clams.ai/vocabulary';
const EARLIER_APP = 'http://apps.clams.ai/earlier/v0.9';

const earlier = (id: string, type: string, annotations: readonly (readonly [string, object])[]): View => ({
  id,
  metadata: {
    app: EARLIER_APP,
    timestamp: '2020-05-27T12:23:45',
    contains: { [type]: { timeUnit: 'milliseconds', document: 'd1' } },
  },
  annotations: annotations.map(([annotation, properties]) => ({
    '@type': type,
    properties: { id: annotation, ...properties },
  })),
});

/** A document as apps of MMIF 1.0 wrote it: short ids, properties that later SDKs rename, and a frame rate. */
export const shortIdsDocument: Uint8Array = bytes(
  appendViews(textOf(sourceDocument), [
    earlier('v_0', `${OLD}/TimePoint/v1`, [
      ['tp_1', { timePoint: 0 }],
      ['tp_2', { timePoint: 7000.0 }],
    ]),
    earlier('v_1', `${OLD}/TimeFrame/v1`, [
      ['tf_1', { start: 0, end: 10, frameType: 'bars' }],
      ['tf_2', { start: 10, end: 20, frameType: 'bars' }],
    ]),
    earlier('v_2', `${OLD}/Annotation/v1`, [['a_1', { fps: 29.97, duration: 7000, document: 'd1' }]]),
    earlier('v_3', `${OLD}/BoundingBox/v1`, [
      [
        'bb_1',
        {
          coordinates: [
            [0, 0],
            [1, 0],
            [0, 1],
            [1, 1],
          ],
          boxType: 'text',
          timePoint: 12,
        },
      ],
    ]),
  ]),
);

/** The text that the suite's app wrote into its last view with annotations. */
export function writtenText(document: Uint8Array): string {
  const views = readMmif(document).views.filter(({ annotations }) => annotations.length > 0);
  const text = views.at(-1)?.annotations[0]?.properties['text'] as { '@value'?: string } | undefined;
  return text?.['@value'] ?? '';
}

/** A document with the view of an earlier app: texts of 100 kB each, and TimeFrames. */
export function bigDocument({ texts, frames }: { readonly texts: number; readonly frames: number }): Uint8Array {
  const text = (index: number) => ({ text: { '@value': `${index} `.padEnd(100_000, 'w\u00f6rd ') } });
  return bytes(
    appendViews(textOf(sourceDocument), [
      earlier(
        'v_0',
        `${OLD}/TextDocument/v1`,
        Array.from({ length: texts }, (_, index) => [`td_${index}`, text(index)]),
      ),
      earlier(
        'v_1',
        `${OLD}/TimeFrame/v1`,
        Array.from({ length: frames }, (_, index) => [
          `tf_${index}`,
          { start: index, end: index + 1, frameType: 'bars' },
        ]),
      ),
    ]),
  );
}
