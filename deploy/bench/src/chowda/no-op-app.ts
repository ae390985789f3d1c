const TIME_FRAME = 'http://mmif.clams.ai/vocabulary/TimeFrame/v5';
const SECOND = 1000;

/** A CLAMS app that adds the same view to every document. */
export interface NoOpApp {
  /** Letters, digits and `-`. */
  readonly name: string;
  /** Number of TimeFrames in its view, of about 190 bytes each. */
  readonly annotations: number;
  /** Processing time of a document. */
  readonly slowMs: number;
}

/** Three apps that produce documents of about 2, 2.3 and 2.6 KB; each takes `slowMs`. */
export const smallDocumentApps = (slowMs = 0): NoOpApp[] =>
  [9, 1, 1].map((annotations, index) => ({ name: `bench-${index + 1}`, annotations, slowMs }));

export const identifierOf = (name: string): string => `http://apps.clams.ai/${name}/v1`;

/** The response to `GET /`. */
export const metadataOf = ({ name }: NoOpApp) => ({
  name,
  description: 'Adds a view and does nothing.',
  app_version: 'v1',
  mmif_version: '1.0.5',
  app_license: 'Apache-2.0',
  identifier: identifierOf(name),
  url: 'https://example.org/no-op',
  input: [{ '@type': 'http://mmif.clams.ai/vocabulary/VideoDocument/v1', required: true }],
  output: [{ '@type': TIME_FRAME }],
  parameters: [],
});

/** The view that the app adds, as JSON. */
export function viewOf({ name, annotations }: NoOpApp): Buffer {
  const id = `v_${name}`;
  const frame = (_: unknown, index: number) => ({
    '@type': TIME_FRAME,
    properties: { id: `${id}:tf_${index}`, start: index * SECOND, end: index * SECOND + 900, label: 'scene' },
  });
  return Buffer.from(
    JSON.stringify({
      id,
      metadata: {
        app: identifierOf(name),
        timestamp: '2026-01-01T00:00:00.000000',
        contains: { [TIME_FRAME]: { document: 'd1', timeUnit: 'milliseconds' } },
      },
      annotations: Array.from({ length: annotations }, frame),
    }),
  );
}

const [CLOSE_LIST, CLOSE_OBJECT, OPEN_LIST] = [']', '}', '['].map((sign) => sign.charCodeAt(0));
const COMMA = Buffer.from(',');

/**
 * A document with an added view. The document must end with its list of views, as source documents and the outputs of these
 * apps do, so that no parsing is needed, which would count as cost of the platform.
 */
export function withView(document: Uint8Array, view: Uint8Array): Buffer {
  const end = document.byteLength - 2;
  if (document[end] !== CLOSE_LIST || document[end + 1] !== CLOSE_OBJECT) {
    throw new Error('The document does not end with its list of views.');
  }
  const isFirst = document[end - 1] === OPEN_LIST;
  return Buffer.concat([document.subarray(0, end), ...(isFirst ? [] : [COMMA]), view, document.subarray(end)]);
}

const [LOCATION, QUOTE] = [Buffer.from('"location":"'), Buffer.from('"')];

/** The location of the first media file of a document, found without parsing; empty if it has none. */
export function locationOf(document: Buffer): string {
  const begin = document.indexOf(LOCATION) + LOCATION.byteLength;
  return begin < LOCATION.byteLength ? '' : document.toString('utf8', begin, document.indexOf(QUOTE, begin));
}
