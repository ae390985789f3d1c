import { describe, expect, it } from '@jest/globals';
import { decideBeforeCall, MAX_CALLS } from './before-call.js';

const ours = { generation: 2, root: '200' };
const older = { generation: 1, root: '900' };
const newer = { generation: 2, root: '201' };

describe('decideBeforeCall', () => {
  it('calls the app for a stage nobody has touched', () => {
    expect(decideBeforeCall(ours, { settled: null, started: null }, null)).toEqual({ act: 'call', call: 1 });
  });

  it('never calls again what this lineage settled, however often it was started', () => {
    expect(decideBeforeCall(ours, { settled: ours, started: { lineage: ours, call: MAX_CALLS } }, null)).toEqual({
      act: 'finish',
    });
  });

  it('does nothing where a newer lineage settled', () => {
    expect(decideBeforeCall(ours, { settled: newer, started: null }, null)).toEqual({ act: 'superseded' });
  });

  it('calls the app again where only an older lineage settled', () => {
    expect(decideBeforeCall(ours, { settled: older, started: { lineage: older, call: MAX_CALLS } }, null)).toEqual({
      act: 'call',
      call: 1,
    });
  });

  it('counts the calls of its own lineage', () => {
    expect(decideBeforeCall(ours, { settled: null, started: { lineage: ours, call: 2 } }, null)).toEqual({
      act: 'call',
      call: 3,
    });
  });

  it('gives up at the fifth call without a settlement', () => {
    expect(decideBeforeCall(ours, { settled: null, started: { lineage: ours, call: MAX_CALLS } }, null)).toEqual({
      act: 'crash-loop',
      calls: MAX_CALLS,
    });
  });

  it.each([
    ['cancelled', 'cancel'],
    ['paused', 'park'],
  ] as const)('does not call the app of a %s batch', (order, act) => {
    expect(decideBeforeCall(ours, { settled: null, started: null }, order)).toEqual({ act });
    expect(decideBeforeCall(ours, { settled: older, started: null }, order)).toEqual({ act });
  });

  it.each(['cancelled', 'paused'] as const)('lets stand what was settled before the batch was %s', (order) => {
    expect(decideBeforeCall(ours, { settled: ours, started: null }, order)).toEqual({ act: 'finish' });
    expect(decideBeforeCall(ours, { settled: newer, started: null }, order)).toEqual({ act: 'superseded' });
  });
});
