import { afterAll, describe, expect, it } from '@jest/globals';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { AppReply } from '#libs/clams';
import { appendViews, buildSourceMmif } from '#libs/mmif';
import { Classifier } from './classifier.js';

const APP = { name: 'shots', identifier: 'http://apps.clams.ai/shots/v1' };
const source = buildSourceMmif({ kind: 'video', path: '/media/a.mp4' });
const TYPE = 'http://mmif.clams.ai/vocabulary/TimeFrame/v6';

/** An answer with so many annotations that it is judged in the thread, or with few. */
function answer(annotations: number): AppReply {
  const view = {
    id: 'v_0',
    metadata: { app: APP.identifier, contains: { [TYPE]: {} } },
    annotations: Array.from({ length: annotations }, (_, index) => ({
      '@type': TYPE,
      properties: { id: `v_0:tf_${index}`, start: index, end: index + 1 },
    })),
  };
  const body = Buffer.from(appendViews(new TextDecoder().decode(source), [view]));
  return { kind: 'answer', status: 200, contentType: 'application/json', retryAfter: null, body };
}

describe(Classifier, () => {
  // The thread runs the built code, which `npm test` makes first.
  const built = join('dist', 'services', 'worker', 'src', 'answer', 'classify-thread.js');
  const classifier = new Classifier(pathToFileURL(built));
  afterAll(() => classifier.close());

  it('judges small and large answers the same, each its own', async () => {
    const counts = [1, 20_000, 2, 15_000];
    const found = await Promise.all(counts.map((count) => classifier.classify(answer(count), source, APP)));
    expect(found.map(({ classification: { outcome, counts } }) => [outcome, counts['TimeFrame']])).toEqual(
      counts.map((count) => ['ok', count]),
    );
  });

  it('gives back each answer byte by byte, and leaves what shares the memory of a document as it is', async () => {
    const message = Buffer.concat([source, Buffer.from('more')]);
    const document = message.subarray(0, source.byteLength);
    for (const count of [1, 20_000]) {
      const { reply } = await classifier.classify(answer(count), document, APP);
      expect(reply).toEqual(answer(count));
      expect(message.toString('latin1', source.byteLength)).toBe('more');
    }
  });

  it('lets the event loop go on while it judges a large one', async () => {
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1);
    await classifier.classify(answer(100_000), source, APP);
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(5);
  });

  it('fails an answer that the thread dies of, and judges the next', async () => {
    const broken = new Classifier(new URL('data:text/javascript,process.exit(1)'));
    const [first, second] = [broken.classify(answer(20_000), source, APP), broken.classify(answer(1), source, APP)];
    expect((await first).classification).toMatchObject({
      outcome: 'invalid-output',
      success: false,
      sentence: expect.stringMatching(/more than \d{7} bytes/) as unknown,
    });
    expect((await second).classification).toMatchObject({ outcome: 'ok' });
  });
});
