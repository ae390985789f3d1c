import { describe, expect, it } from '@jest/globals';
import { encodeBody, packCells } from '#libs/contracts';
import { Beginnings, frameOf } from './beginnings.js';

const STAGES = 3;
const frame = (batch: number, changes: Parameters<typeof packCells>[0], now: number) =>
  frameOf(encodeBody({ batch, to: 7 }, packCells(changes, STAGES)), now);

function known(): Beginnings {
  const beginnings = new Beginnings(STAGES);
  const times = { published: 900, started: 1000 };
  beginnings.add({ batch: 1, row: 4, index: 2, kind: 'started', times });
  beginnings.add({ batch: 1, row: 4, index: 2, kind: 'done', times: { ...times, settled: 1500 } });
  return beginnings;
}

describe(Beginnings, () => {
  it('counts from the start to a running cell, and from the settlement to a done one', () => {
    const frames = [
      frame(1, [{ row: 4, index: 2, state: 'running' }], 1200),
      frame(1, [{ row: 4, index: 2, state: 'done' }], 1800),
    ];
    expect(known().until(frames)).toEqual([200, 300]);
  });

  it('counts every arrival of a frame', () => {
    const seen = { ...frame(1, [{ row: 4, index: 2, state: 'done' }], 0), arrivals: [1600, 1900] };
    expect(known().until([seen])).toEqual([100, 400]);
  });

  it('does not count what no worker said: queued cells, and those of other batches', () => {
    const frames = [
      frame(1, [{ row: 4, index: 2, state: 'queued' }], 1200),
      frame(2, [{ row: 4, index: 2, state: 'done' }], 1800),
    ];
    expect(known().until(frames)).toEqual([]);
  });
});
