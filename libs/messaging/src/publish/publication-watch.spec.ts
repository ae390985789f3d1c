import { beforeEach, describe, expect, it } from '@jest/globals';
import { PublicationWatch } from './publication-watch.js';

const FULL = 'JetStream file resource limits exceeded for server';

let now: number;
let log: string[];
let watch: PublicationWatch;

beforeEach(() => {
  [now, log] = [1000, []];
  const listener = {
    onLasting: ({ reason, count }: { reason: string; count: number }, destination: string) =>
      log.push(`${destination} ${count} ${reason}`),
    onEnded: ({ count }: { count: number }, destination: string) => log.push(`${destination} accepted after ${count}`),
  };
  watch = new PublicationWatch(listener, () => now);
});

function fail(subject: string, ...times: number[]): void {
  for (const time of times) {
    now = time;
    watch.failed(subject, FULL);
  }
}

describe(PublicationWatch, () => {
  it('reports a refusal that lasts 5 s once, with its count', () => {
    fail('event.1.2.0.settled', 1000, 3000, 5900);
    expect([log, watch.current()]).toEqual([[], null]);
    fail('event.1.3.0.settled', 6000, 7000, 9000);
    expect(log).toEqual([`event 4 ${FULL}`]);
    expect(watch.current()).toMatchObject({ reason: FULL, count: 6 });
  });

  it('reports the end once, with the first success', () => {
    fail('stage.a.1.2.0', 1000, 7000);
    watch.succeeded('stage.b.1.2.0');
    watch.succeeded('stage.b.1.2.0');
    expect(log).toEqual([`stage 2 ${FULL}`, 'stage accepted after 2']);
    expect(watch.current()).toBeNull();
  });

  it('does not report a short failure', () => {
    fail('stage.a.1.2.0', 1000, 2000);
    watch.succeeded('stage.a.1.2.0');
    fail('stage.a.1.2.0', 9000);
    expect([log, watch.current()]).toEqual([[], null]);
  });

  it('distinguishes a full bucket from the streams', () => {
    fail('$O.documents.C.x', 1000, 7000);
    watch.succeeded('$KV.control.leader');
    watch.succeeded('event.1.2.0.settled');
    expect(watch.current()).toMatchObject({ count: 2 });
  });

  it('forgets a refusal without another attempt', () => {
    fail('stage.a.1.2.0', 1000, 7000);
    now = 68_000;
    expect(watch.current()).toBeNull();
    fail('stage.a.1.2.0', 68_000);
    expect(log).toHaveLength(1);
  });
});
