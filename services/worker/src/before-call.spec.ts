import { describe, expect, it } from '@jest/globals';
import { decideBeforeCall, MAX_CALLS, NOTHING_KNOWN } from './before-call.js';

const ours = { generation: 2, root: '200' };
const older = { generation: 1, root: '900' };
const newer = { generation: 2, root: '201' };

describe('decideBeforeCall', () => {
  it('calls the app for a stage nobody has touched', () => {
    expect(decideBeforeCall(ours, NOTHING_KNOWN, null)).toEqual({ act: 'call', call: 1 });
  });

  it('never calls again what this lineage settled, however often it was started', () => {
    expect(
      decideBeforeCall(ours, { ...NOTHING_KNOWN, settled: ours, started: { lineage: ours, call: MAX_CALLS } }, null),
    ).toEqual({
      act: 'finish',
    });
  });

  it('does nothing where a newer lineage settled', () => {
    expect(decideBeforeCall(ours, { ...NOTHING_KNOWN, settled: newer }, null)).toEqual({ act: 'superseded' });
  });

  it('never calls again what this lineage handed on, although its settlement is lost', () => {
    expect(decideBeforeCall(ours, { ...NOTHING_KNOWN, handedOn: ours }, null)).toEqual({ act: 'handed-on' });
    expect(decideBeforeCall(ours, { ...NOTHING_KNOWN, settled: older, handedOn: ours }, 'cancelled')).toEqual({
      act: 'handed-on',
    });
  });

  it('goes by the settlement where there is one, because it may not be handed on yet', () => {
    expect(decideBeforeCall(ours, { ...NOTHING_KNOWN, settled: ours, handedOn: older }, null)).toEqual({
      act: 'finish',
    });
  });

  it('does nothing where a newer lineage handed on, and calls where only an older one did', () => {
    expect(decideBeforeCall(ours, { ...NOTHING_KNOWN, handedOn: newer }, null)).toEqual({ act: 'superseded' });
    expect(decideBeforeCall(ours, { ...NOTHING_KNOWN, handedOn: older }, null)).toEqual({ act: 'call', call: 1 });
  });

  it('calls the app again where only an older lineage settled', () => {
    expect(
      decideBeforeCall(ours, { ...NOTHING_KNOWN, settled: older, started: { lineage: older, call: MAX_CALLS } }, null),
    ).toEqual({
      act: 'call',
      call: 1,
    });
  });

  it.each([null, 'cancelled', 'paused'] as const)('puts back what a lost log may have settled (order: %s)', (order) => {
    expect(decideBeforeCall(ours, { ...NOTHING_KNOWN, settled: older, isWhole: false }, order)).toEqual({
      act: 'park',
    });
  });

  it('goes by what a new log says, and by what was handed on before', () => {
    const isWhole = false;
    expect(decideBeforeCall(ours, { ...NOTHING_KNOWN, settled: ours, isWhole }, null)).toEqual({ act: 'finish' });
    expect(decideBeforeCall(ours, { ...NOTHING_KNOWN, handedOn: ours, isWhole }, null)).toEqual({ act: 'handed-on' });
    const started = { lineage: ours, call: 1 };
    expect(decideBeforeCall(ours, { ...NOTHING_KNOWN, started, isWhole }, null)).toEqual({ act: 'call', call: 2 });
  });

  it('counts the calls of its own lineage', () => {
    expect(decideBeforeCall(ours, { ...NOTHING_KNOWN, started: { lineage: ours, call: 2 } }, null)).toEqual({
      act: 'call',
      call: 3,
    });
  });

  it('gives up at the fifth call without a settlement', () => {
    expect(decideBeforeCall(ours, { ...NOTHING_KNOWN, started: { lineage: ours, call: MAX_CALLS } }, null)).toEqual({
      act: 'crash-loop',
      calls: MAX_CALLS,
    });
  });

  it.each([
    ['cancelled', { act: 'cancel', of: 'batch' }],
    ['run-cancelled', { act: 'cancel', of: 'run' }],
    ['paused', { act: 'park' }],
  ] as const)('does not call the app of what is %s', (order, decision) => {
    expect(decideBeforeCall(ours, NOTHING_KNOWN, order)).toEqual(decision);
    expect(decideBeforeCall(ours, { ...NOTHING_KNOWN, settled: older }, order)).toEqual(decision);
  });

  it.each(['cancelled', 'run-cancelled', 'paused'] as const)(
    'lets stand what was settled before it was %s',
    (order) => {
      expect(decideBeforeCall(ours, { ...NOTHING_KNOWN, settled: ours }, order)).toEqual({ act: 'finish' });
      expect(decideBeforeCall(ours, { ...NOTHING_KNOWN, settled: newer }, order)).toEqual({ act: 'superseded' });
    },
  );
});
