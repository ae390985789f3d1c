interface Mmif {
  readonly metadata: object;
  readonly documents: readonly { readonly properties: { readonly id: string } }[];
  readonly views: readonly { readonly id: string }[];
}

const TIME_FRAME = 'http://mmif.clams.ai/vocabulary/TimeFrame/v5';

/** What the new view of an answer holds. */
interface NewView {
  /** Number of TimeFrames; default: 1. */
  readonly annotations?: number;
  /** Bytes of padding in a property of the first TimeFrame, for large documents. */
  readonly padBytes?: number;
  /** Message of an error view; such a view has no annotations. */
  readonly error?: string;
}

/** The input document with one new view of an app behind its views. */
export function answerBody(document: Buffer, app: string, { annotations = 1, padBytes = 0, error }: NewView): string {
  const mmif = JSON.parse(document.toString('utf8')) as Mmif;
  const id = `v_${mmif.views.length}`;
  const source = mmif.documents[0]?.properties.id ?? 'd1';
  const content =
    error === undefined
      ? { contains: { [TIME_FRAME]: { document: source, timeUnit: 'milliseconds' } } }
      : { error: { message: `<class 'ValueError'>: ${error}`, stackTrace: 'File "app.py", line 1' } };
  const view = {
    id,
    metadata: { app, timestamp: '2026-01-01T00:00:00.000000', ...content },
    annotations: error === undefined ? timeFrames(id, annotations, padBytes) : [],
  };
  return JSON.stringify({ ...mmif, views: [...mmif.views, view] });
}

const timeFrames = (view: string, count: number, padBytes: number) =>
  Array.from({ length: count }, (_, index) => ({
    '@type': TIME_FRAME,
    properties: {
      id: `${view}:tf_${index}`,
      start: index * 1000,
      end: index * 1000 + 900,
      label: 'scene',
      ...(index === 0 && padBytes > 0 ? { padding: 'x'.repeat(padBytes) } : {}),
    },
  }));
