import { afterAll, describe, expect, it } from '@jest/globals';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { AppReply } from '#libs/clams';
import { appendViews, buildSourceMmif } from '#libs/mmif';
import { Classifier } from './classifier.js';

const APP = { name: 'shots', identifier: 'http://apps.clams.ai/shots/v1' };
const source = buildSourceMmif({ kind: 'video', path: '/media/a.mp4' });
const TYPE = 'http://mmif.clams.ai/vocabulary/TimeFrame/v6';

/** An answer with the given number of annotations; many of them are classified in the thread. */
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
  // The thread runs the compiled code; `npm test` builds it first.
  const built = join('dist', 'services', 'worker', 'src', 'answer', 'classify-thread.js');
  const classifier = new Classifier(pathToFileURL(built));
  afterAll(() => classifier.close());

  it('classifies small and large answers in the same way, without mixing them up', async () => {
    const counts = [1, 20_000, 2, 15_000];
    const found = await Promise.all(counts.map((count) => classifier.classify(answer(count), source, APP)));
    expect(found.map(({ classification: { outcome, counts } }) => [outcome, counts['TimeFrame']])).toEqual(
      counts.map((count) => ['ok', count]),
    );
  });

  it('returns each answer byte by byte, and leaves other bytes in the memory of a document unchanged', async () => {
    const message = Buffer.concat([source, Buffer.from('more')]);
    const document = message.subarray(0, source.byteLength);
    for (const count of [1, 20_000]) {
      const { reply } = await classifier.classify(answer(count), document, APP);
      expect(reply).toEqual(answer(count));
      expect(message.toString('latin1', source.byteLength)).toBe('more');
    }
  });

  it('keeps the event loop free while it classifies a large answer', async () => {
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1);
    await classifier.classify(answer(100_000), source, APP);
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(5);
  });

  it('fails an answer that kills the thread, and classifies the next one', async () => {
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
