import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Deriver } from '../src/exports/deriver.js';

const TEXT = 'http://mmif.clams.ai/vocabulary/TextDocument/v1';

/** A document with `texts` text documents; with thousands, it is converted in the worker thread. */
const document = (texts: number): Buffer =>
  Buffer.from(
    JSON.stringify({
      metadata: { mmif: 'http://mmif.clams.ai/1.0.5' },
      documents: [],
      views: [
        {
          id: 'v_0',
          metadata: { app: 'ocr', contains: {} },
          annotations: Array.from({ length: texts }, (_, n) => ({
            '@type': TEXT,
            properties: { id: `td_${n}`, text: { '@value': `text ${n}` } },
          })),
        },
      ],
    }),
  );

describe(Deriver, () => {
  // The thread runs the built code; `npm test` builds it first.
  const built = join('dist', 'services', 'gateway', 'src', 'exports', 'derive-thread.js');
  const deriver = new Deriver(pathToFileURL(built));
  afterAll(() => deriver.onApplicationShutdown());

  it('derives the right files from small and large documents', async () => {
    const sizes = [1, 20_000, 2, 10_000];
    const derived = await Promise.all(sizes.map((size) => deriver.derive(document(size), ['txt', 'vtt'])));
    for (const [at, [txt, vtt]] of derived.entries()) {
      if (!txt || 'missing' in txt) throw new Error('no text was derived');
      expect(txt.bytes.toString().trimEnd().split('\n')).toHaveLength(sizes[at]!);
      expect(vtt).toEqual({ missing: expect.stringContaining('subtitles') });
    }
  });

  it('does not block the event loop with a large document', async () => {
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 1);
    await deriver.derive(document(100_000), ['csv']);
    clearInterval(counting);
    expect(turns).toBeGreaterThan(3);
  });

  it('reports a document that kills the thread as too large and converts the next one', async () => {
    const broken = new Deriver(new URL('data:text/javascript,process.exit(1)'));
    const derived = await Promise.all(
      [document(20_000), document(20_000)].map((large) => broken.derive(large, ['txt'])),
    );
    expect(derived).toEqual([
      [{ missing: 'the document is too large to be converted' }],
      [{ missing: 'the document is too large to be converted' }],
    ]);
    expect(await broken.derive(document(1), ['txt'])).toEqual([expect.objectContaining({ bytes: expect.anything() })]);
  });
});
