import { describe, expect, it } from '@jest/globals';
import { decideSweep, isSuspect, type StageSituation, type StageTraces } from './decide-sweep.js';

const situation: StageSituation = {
  paused: false,
  cancelled: false,
  isCurrent: true,
  held: false,
  quiet: 5,
  served: 5,
};
const traces: StageTraces = { message: 'handed-over', settled: false, handedOn: false };

describe('isSuspect', () => {
  it.each([
    ['nobody has held it for an ack wait', { quiet: 1 }, true],
    ['it has moved within an ack wait', { quiet: 0.9 }, false],
    ['a worker holds it', { held: true }, false],
    ['its app or batch is paused', { paused: true }, false],
    ['nobody serves its app', { served: 0 }, true],
    ['its run went on without it', { isCurrent: false }, true],
    ['its batch was cancelled a moment ago', { cancelled: true, quiet: 0 }, true],
    ['its batch was cancelled while it was paused', { cancelled: true, paused: true }, true],
    ['its batch was cancelled and a worker holds it', { cancelled: true, held: true }, false],
    ['its batch was cancelled when its run had gone on', { cancelled: true, isCurrent: false }, false],
  ] satisfies [string, Partial<StageSituation>, boolean][])('when %s', (_, change, suspect) => {
    expect(isSuspect({ ...situation, ...change })).toBe(suspect);
  });
});

describe('decideSweep', () => {
  it.each([
    ['its message waits for a slot', {}, { message: 'waiting' }, 'leave'],
    ['its message is gone', {}, { message: 'absent' }, 'again'],
    ['its message is gone while nobody serves its app', { served: 0 }, { message: 'absent' }, 'again'],
    ['it was acknowledged without a settlement', {}, { message: 'acknowledged' }, 'again'],
    ['it was handed over, and held by nobody for three ack waits', { quiet: 3, served: 3 }, {}, 'again'],
    ['it was handed over, and held by nobody for less', { quiet: 2.9 }, {}, 'leave'],
    ['it was handed over, and its app is served only lately', { served: 2.9 }, {}, 'leave'],
    ['it was handed over, and nobody serves its app', { served: 0 }, {}, 'leave'],
    ['it is settled and not recorded yet', {}, { message: 'acknowledged', settled: true }, 'leave'],
    ['it is settled and its message is gone', {}, { message: 'absent', settled: true }, 'leave'],
    ['it is settled, though its batch was cancelled', { cancelled: true }, { settled: true }, 'leave'],
    ['only the next stage tells that it is done', {}, { message: 'acknowledged', handedOn: true }, 'restore'],
    ['only the next stage is left of it', {}, { message: 'absent', handedOn: true }, 'restore'],
    ['it is settled, and was handed on', {}, { settled: true, handedOn: true }, 'leave'],
    ['its batch was cancelled', { cancelled: true, quiet: 0, served: 0 }, { message: 'waiting' }, 'cancel'],
    ['its batch was cancelled and its message is gone', { cancelled: true }, { message: 'absent' }, 'cancel'],
    ['its batch was cancelled after it was handed on', { cancelled: true }, { handedOn: true }, 'cancel'],
  ] satisfies [string, Partial<StageSituation>, Partial<StageTraces>, string][])(
    'when %s',
    (_, seen, found, decision) => {
      expect(decideSweep({ ...situation, ...seen }, { ...traces, ...found })).toBe(decision);
    },
  );
});
