import { describe, expect, it } from '@jest/globals';
import { decideSweep, isLostWithStream, isSuspect, type StageSituation, type StageTraces } from './decide-sweep.js';

const situation: StageSituation = {
  paused: false,
  cancelled: false,
  isCurrent: true,
  held: false,
  quiet: 5,
  served: 5,
};
const traces: StageTraces = { message: 'delivered', settled: false, nextPublished: false };

describe('isSuspect', () => {
  it.each([
    ['true when no worker has listed the stage for an ack wait', { quiet: 1 }, true],
    ['false when it has changed within an ack wait', { quiet: 0.9 }, false],
    ['false when a worker lists it', { held: true }, false],
    ['false when its app or batch is paused', { paused: true }, false],
    ['true when no worker serves its app', { served: 0 }, true],
    ['true when its run has continued without it', { isCurrent: false }, true],
    ['true when its batch was cancelled just now', { cancelled: true, quiet: 0 }, true],
    ['true when its batch was cancelled while it was paused', { cancelled: true, paused: true }, true],
    ['false when its batch was cancelled and a worker lists it', { cancelled: true, held: true }, false],
    ['false when its batch was cancelled after its run continued', { cancelled: true, isCurrent: false }, false],
  ] satisfies [string, Partial<StageSituation>, boolean][])('is %s', (_, change, suspect) => {
    expect(isSuspect({ ...situation, ...change })).toBe(suspect);
  });
});

describe('isLostWithStream', () => {
  it.each([
    ['true when the message is gone', 'absent', 20, true],
    ['true when the event log is newer than the attempt', 'acknowledged', 9, true],
    ['false when both streams are older than the attempt', 'acknowledged', 10, false],
    ['false for a delivered message', 'delivered', 20, false],
  ] as const)('is %s', (_, message, queuedAt, lost) => {
    expect(isLostWithStream(message, queuedAt, 10)).toBe(lost);
  });
});

describe('decideSweep', () => {
  const abandoned = { quiet: 3, served: 3 };

  it.each([
    ['leaves a stage whose message waits for a slot', {}, { message: 'waiting' }, 'leave'],
    ['readmits a stage whose message is gone', {}, { message: 'absent' }, 'readmit'],
    ['readmits it even if no worker serves its app', { served: 0 }, { message: 'absent' }, 'readmit'],
    ['readmits a stage that was acknowledged without a settlement', {}, { message: 'acknowledged' }, 'readmit'],
    ['readmits a delivered stage that no worker has listed for three ack waits', abandoned, {}, 'readmit'],
    ['leaves a delivered stage that was listed more recently', { quiet: 2.9 }, {}, 'leave'],
    ['leaves a delivered stage whose app has been served for less time', { served: 2.9 }, {}, 'leave'],
    ['leaves a delivered stage whose app is not served', { served: 0 }, {}, 'leave'],
    ['leaves a settled stage that is not recorded yet', {}, { message: 'acknowledged', settled: true }, 'leave'],
    ['leaves a settled stage whose message is gone', {}, { message: 'absent', settled: true }, 'leave'],
    ['leaves a settled stage of a cancelled batch', { cancelled: true }, { settled: true }, 'leave'],
    [
      'restores a settlement of which only the next stage is left',
      {},
      { message: 'acknowledged', nextPublished: true },
      'restore',
    ],
    ['restores it even if its own message is gone', {}, { message: 'absent', nextPublished: true }, 'restore'],
    ['leaves a settled stage with a next stage', {}, { settled: true, nextPublished: true }, 'leave'],
    [
      'cancels a stage of a cancelled batch',
      { cancelled: true, quiet: 0, served: 0 },
      { message: 'waiting' },
      'cancel',
    ],
    ['cancels it if its message is gone', { cancelled: true }, { message: 'absent' }, 'cancel'],
    ['cancels it after the next stage was published', { cancelled: true }, { nextPublished: true }, 'cancel'],
  ] satisfies [string, Partial<StageSituation>, Partial<StageTraces>, string][])('%s', (_, seen, found, decision) => {
    expect(decideSweep({ ...situation, ...seen }, { ...traces, ...found })).toBe(decision);
  });
});
