import { beforeEach, describe, expect, it } from '@jest/globals';
import { SILENCE_LIMIT, type WorkerHeartbeat } from '#libs/contracts';
import { WorkerWatch } from './worker-watch.js';

const SECOND = 1000;
let watch: WorkerWatch;
beforeEach(() => {
  watch = new WorkerWatch();
});

const heartbeat = (at: number, change: Partial<WorkerHeartbeat> = {}): WorkerHeartbeat => ({
  v: 1,
  installation: 'here',
  worker: 'w1',
  at,
  apps: ['shots'],
  inFlight: [{ run: 7, index: 0, generation: 2, sequence: 41, since: 0 }],
  ...change,
});

describe('a worker', () => {
  it('holds the runs that it lists, in their generation and in older ones', () => {
    watch.update([heartbeat(1)], 100 * SECOND);
    expect([1, 2, 3].map((generation) => watch.holds(7, generation))).toEqual([true, true, false]);
    expect(watch.holds(8, 1)).toBe(false);
  });

  it('holds a raw replay in every generation', () => {
    watch.update(
      [heartbeat(1, { inFlight: [{ run: 7, index: 0, generation: 0, sequence: 41, since: 0 }] })],
      100 * SECOND,
    );
    expect(watch.holds(7, 9)).toBe(true);
  });

  it('is dead when its heartbeat does not change, whatever its clock shows', () => {
    watch.update([heartbeat(1)], 100 * SECOND);
    watch.update([heartbeat(1)], 114 * SECOND);
    expect(watch.holds(7, 2)).toBe(true);
    watch.update([heartbeat(1)], 115 * SECOND);
    expect(watch.holds(7, 2)).toBe(false);
    watch.update([heartbeat(0)], 116 * SECOND);
    expect(watch.holds(7, 2)).toBe(true);
  });

  it('holds nothing after it has removed its heartbeat', () => {
    watch.update([heartbeat(1)], 100 * SECOND);
    expect(watch.update([], 101 * SECOND)).toEqual([]);
    expect(watch.holds(7, 2)).toBe(false);
  });

  it('is reported for deletion when it has been dead for long, and not earlier', () => {
    watch.update([heartbeat(1)], 100 * SECOND);
    expect(watch.update([heartbeat(1)], 1300 * SECOND)).toEqual([]);
    expect(watch.update([heartbeat(1)], 1301 * SECOND)).toEqual([{ worker: 'w1' }]);
  });
});

describe('an id of a worker', () => {
  const of = (process: string, at: number) => heartbeat(at, { process });

  it('is shared when the heartbeats of two processes change', () => {
    watch.update([of('a', 1), of('b', 1)], 100 * SECOND);
    expect(watch.sharedIds()).toEqual([]);
    watch.update([of('a', 2), of('b', 2), heartbeat(2, { worker: 'w2', process: 'c' })], 105 * SECOND);
    expect(watch.sharedIds()).toEqual(['w1']);
  });

  it('is not shared when a killed process is replaced', () => {
    watch.update([of('a', 1)], 100 * SECOND);
    watch.update([of('a', 2)], 105 * SECOND);
    watch.update([of('a', 2), of('b', 1)], 110 * SECOND);
    watch.update([of('a', 2), of('b', 2)], 115 * SECOND);
    expect(watch.sharedIds()).toEqual([]);
  });

  it('is no longer shared when one of the two processes has stopped', () => {
    watch.update([of('a', 1), of('b', 1)], 100 * SECOND);
    watch.update([of('a', 2), of('b', 2)], 105 * SECOND);
    watch.update([of('b', 3)], 110 * SECOND);
    expect(watch.sharedIds()).toEqual([]);
  });

  it('is no longer shared when one of the two processes was killed', () => {
    watch.update([of('a', 1), of('b', 1)], 100 * SECOND);
    watch.update([of('a', 2), of('b', 2)], 105 * SECOND);
    expect(watch.sharedIds()).toEqual(['w1']);
    watch.update([of('a', 2), of('b', 3)], 105 * SECOND + SILENCE_LIMIT);
    expect(watch.sharedIds()).toEqual([]);
  });

  it('holds the runs of all its processes', () => {
    const run = { index: 0, generation: 2, sequence: 41, since: 0 };
    watch.update(
      [
        heartbeat(1, { process: 'a', inFlight: [{ ...run, run: 7 }] }),
        heartbeat(1, { process: 'b', inFlight: [{ ...run, run: 8 }] }),
      ],
      100 * SECOND,
    );
    expect([watch.holds(7, 2), watch.holds(8, 2)]).toEqual([true, true]);
  });
});

describe('an app', () => {
  it('counts as served until the first heartbeats were read', () => {
    expect(watch.serves('shots')).toBe(true);
    watch.update([], 100 * SECOND);
    expect(watch.serves('shots')).toBe(false);
  });

  it('is served without a break when one running worker replaces another', () => {
    watch.update([heartbeat(1)], 100 * SECOND);
    watch.update([heartbeat(1), heartbeat(1, { worker: 'w2' })], 110 * SECOND);
    watch.update([heartbeat(1), heartbeat(2, { worker: 'w2' })], 120 * SECOND);
    expect(watch.servedFor('shots', 120 * SECOND)).toBe(20 * SECOND);
    expect(watch.servedFor('text', 120 * SECOND)).toBe(0);
  });

  it('is no longer served when the last of its workers is dead', () => {
    watch.update([heartbeat(1)], 100 * SECOND);
    expect(watch.serves('shots')).toBe(true);
    watch.update([heartbeat(1)], 120 * SECOND);
    expect(watch.servedFor('shots', 120 * SECOND)).toBe(0);
    expect(watch.serves('shots')).toBe(false);
    watch.update([heartbeat(2)], 130 * SECOND);
    expect(watch.servedFor('shots', 131 * SECOND)).toBe(1 * SECOND);
  });
});
