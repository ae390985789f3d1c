import { expect, it } from '@jest/globals';
import { AppUnderTest, bodyOf } from './app-under-test.js';
import { bigDocument, writtenText } from './documents.js';
import type { Subject } from './subject.js';

const MEGABYTE = 1_000_000;

/** Tests concurrent calls, large documents, and a server that replaces its workers. */
export function describeWork(subject: Subject): void {
  const { generation } = subject;
  it('keeps concurrent calls separate', async () => {
    const labels = Array.from({ length: 6 }, (_, index) => `call ${index}`);
    const exchanges = await Promise.all(labels.map((label) => subject.app().call({ what: 'echo', label })));
    const seen = exchanges.map((exchange) => (JSON.parse(writtenText(bodyOf(exchange))) as { label: string }).label);
    expect(seen).toEqual(labels);
  });

  it('reads and writes a document of 5 MB', async () => {
    const input = bigDocument({ texts: 45, frames: 500 });
    expect(input.byteLength).toBeGreaterThan(5 * MEGABYTE);
    const { classified } = await subject.app().call({}, { input });
    expect(classified).toMatchObject({ outcome: 'ok', counts: { TimeFrame: 1 } });
    const huge = await subject.app().call({ what: 'huge', count: 5 });
    expect(huge.classified).toMatchObject({ outcome: 'ok', counts: { TextDocument: 1 } });
    expect(bodyOf(huge).byteLength).toBeGreaterThan(5 * MEGABYTE);
  });

  if (!generation.isPython) return;

  it('answers calls while its server replaces a worker after every call', async () => {
    const recycled = await AppUnderTest.of(generation, await subject.serve('--max-requests', '1'));
    const processes = new Set<string>();
    // A worker that is being replaced may still have a second thread at work.
    for (let call = 0; call < 10 && processes.size < 2; call += 1) {
      processes.add(writtenText(bodyOf(await recycled.call({ what: 'tell process' }))));
    }
    expect(processes.size).toBe(2);
  });

  it('answers the next call after its worker was killed', async () => {
    const { classified } = await subject.app().call({ what: 'kill worker' });
    expect(classified).toMatchObject({ outcome: 'unreachable', success: false });
    expect((await subject.app().call({})).classified.outcome).toBe('ok');
  });

  it('answers the next call while one that has timed out still runs', async () => {
    const { classified } = await subject.app().call({ what: 'sleep', seconds: 60 }, { deadlineMs: 100 });
    expect(classified.outcome).toBe('timeout');
    expect((await subject.app().call({})).classified.outcome).toBe('ok');
  });
}
