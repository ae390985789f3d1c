import { beforeEach, describe, expect, it } from '@jest/globals';
import type { WorkerHeartbeat } from '#libs/contracts';
import { WorkerWatch } from './worker-watch.js';

const PATIENCE = 15;
let watch: WorkerWatch;
beforeEach(() => {
  watch = new WorkerWatch(PATIENCE);
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
  it('holds what it says, in that generation and in older ones', () => {
    watch.see([heartbeat(1)], 100);
    expect([1, 2, 3].map((generation) => watch.holds(7, generation))).toEqual([true, true, false]);
    expect(watch.holds(8, 1)).toBe(false);
  });

  it('holds a raw replay in whatever generation', () => {
    watch.see([heartbeat(1, { inFlight: [{ run: 7, index: 0, generation: 0, sequence: 41, since: 0 }] })], 100);
    expect(watch.holds(7, 9)).toBe(true);
  });

  it('is dead when its heartbeat does not change, whatever its clock says', () => {
    watch.see([heartbeat(1)], 100);
    watch.see([heartbeat(1)], 114);
    expect(watch.holds(7, 2)).toBe(true);
    watch.see([heartbeat(1)], 115);
    expect(watch.holds(7, 2)).toBe(false);
    watch.see([heartbeat(0)], 116);
    expect(watch.holds(7, 2)).toBe(true);
  });

  it('holds nothing any more once it has taken its heartbeat away', () => {
    watch.see([heartbeat(1)], 100);
    expect(watch.see([], 101)).toEqual([]);
    expect(watch.holds(7, 2)).toBe(false);
  });

  it('is forgotten when it is long dead, and not before', () => {
    watch.see([heartbeat(1)], 100);
    expect(watch.see([heartbeat(1)], 400)).toEqual([]);
    expect(watch.see([heartbeat(1)], 401)).toEqual(['w1']);
  });
});

describe('an app', () => {
  it('is served as long as one live worker after the other serves it', () => {
    watch.see([heartbeat(1)], 100);
    watch.see([heartbeat(1), heartbeat(1, { worker: 'w2' })], 110);
    watch.see([heartbeat(1), heartbeat(2, { worker: 'w2' })], 120);
    expect(watch.servedFor('shots', 120)).toBe(20);
    expect(watch.servedFor('text', 120)).toBe(0);
  });

  it('is not served any more from the moment on at which the last of its workers is dead', () => {
    watch.see([heartbeat(1)], 100);
    watch.see([heartbeat(1)], 120);
    expect(watch.servedFor('shots', 120)).toBe(0);
    watch.see([heartbeat(2)], 130);
    expect(watch.servedFor('shots', 131)).toBe(1);
  });
});
