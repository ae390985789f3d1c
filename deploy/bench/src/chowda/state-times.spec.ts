import { describe, expect, it } from '@jest/globals';
import { encodeBody, packCells } from '#libs/contracts';
import { StateTimes, frameOf } from './state-times.js';

const STAGES = 3;
const frame = (batch: number, changes: Parameters<typeof packCells>[0], now: number) =>
  frameOf(encodeBody({ batch, to: 7 }, packCells(changes, STAGES)), now);

function known(): StateTimes {
  const stateTimes = new StateTimes(STAGES);
  const times = { published: 900, started: 1000 };
  stateTimes.add({ batch: 1, row: 4, index: 2, kind: 'started', times });
  stateTimes.add({ batch: 1, row: 4, index: 2, kind: 'done', times: { ...times, settled: 1500 } });
  return stateTimes;
}

describe(StateTimes, () => {
  it('measures from the start to a running cell, and from the settlement to a done cell', () => {
    const frames = [
      frame(1, [{ row: 4, index: 2, state: 'running' }], 1200),
      frame(1, [{ row: 4, index: 2, state: 'done' }], 1800),
    ];
    expect(known().until(frames)).toEqual([200, 300]);
  });

  it('measures every arrival of a frame', () => {
    const seen = { ...frame(1, [{ row: 4, index: 2, state: 'done' }], 0), arrivals: [1600, 1900] };
    expect(known().until([seen])).toEqual([100, 400]);
  });

  it('ignores states without a worker event: queued cells and cells of other batches', () => {
    const frames = [
      frame(1, [{ row: 4, index: 2, state: 'queued' }], 1200),
      frame(2, [{ row: 4, index: 2, state: 'done' }], 1800),
    ];
    expect(known().until(frames)).toEqual([]);
  });
});
