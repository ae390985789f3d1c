import { describe, expect, it } from '@jest/globals';
import { decideBeforeCall, isIsolated, MAX_CALLS, NO_HISTORY } from './before-call.js';

const ours = { generation: 2, root: '200' };
const older = { generation: 1, root: '900' };
const newer = { generation: 2, root: '201' };

describe('decideBeforeCall', () => {
  it('calls the app for a stage that no worker has processed', () => {
    expect(decideBeforeCall(ours, NO_HISTORY, null)).toEqual({ action: 'call', call: 1 });
  });

  it('never calls the app again after a settlement of this lineage, however often it was called', () => {
    expect(
      decideBeforeCall(ours, { ...NO_HISTORY, settled: ours, started: { lineage: ours, call: MAX_CALLS } }, null),
    ).toEqual({ action: 'publish-next' });
  });

  it('does nothing after a settlement of a newer lineage', () => {
    expect(decideBeforeCall(ours, { ...NO_HISTORY, settled: newer }, null)).toEqual({ action: 'superseded' });
  });

  it('never calls the app again after this lineage published the next stage, even if its settlement is lost', () => {
    expect(decideBeforeCall(ours, { ...NO_HISTORY, nextPublished: ours }, null)).toEqual({ action: 'next-published' });
    expect(decideBeforeCall(ours, { ...NO_HISTORY, settled: older, nextPublished: ours }, 'cancelled')).toEqual({
      action: 'next-published',
    });
  });

  it('prefers the settlement of this lineage, because the next stage may not be published yet', () => {
    expect(decideBeforeCall(ours, { ...NO_HISTORY, settled: ours, nextPublished: older }, null)).toEqual({
      action: 'publish-next',
    });
  });

  it('does nothing after a newer lineage published the next stage, and calls the app after an older one did', () => {
    expect(decideBeforeCall(ours, { ...NO_HISTORY, nextPublished: newer }, null)).toEqual({ action: 'superseded' });
    expect(decideBeforeCall(ours, { ...NO_HISTORY, nextPublished: older }, null)).toEqual({ action: 'call', call: 1 });
  });

  it('calls the app again when only an older lineage settled the stage', () => {
    expect(
      decideBeforeCall(ours, { ...NO_HISTORY, settled: older, started: { lineage: older, call: MAX_CALLS } }, null),
    ).toEqual({ action: 'call', call: 1 });
  });

  it.each([null, 'cancelled', 'paused'] as const)(
    'parks a stage that a lost event log may have settled (order: %s)',
    (order) => {
      expect(decideBeforeCall(ours, { ...NO_HISTORY, settled: older, isComplete: false }, order)).toEqual({
        action: 'park',
      });
    },
  );

  it('trusts what a recreated event log holds, and the message of the next stage', () => {
    const isComplete = false;
    expect(decideBeforeCall(ours, { ...NO_HISTORY, settled: ours, isComplete }, null)).toEqual({
      action: 'publish-next',
    });
    expect(decideBeforeCall(ours, { ...NO_HISTORY, nextPublished: ours, isComplete }, null)).toEqual({
      action: 'next-published',
    });
    const started = { lineage: ours, call: 1 };
    expect(decideBeforeCall(ours, { ...NO_HISTORY, started, isComplete }, null)).toEqual({ action: 'call', call: 2 });
  });

  it('counts the calls of its own lineage', () => {
    expect(decideBeforeCall(ours, { ...NO_HISTORY, started: { lineage: ours, call: 2 } }, null)).toEqual({
      action: 'call',
      call: 3,
    });
  });

  it('isolates a call after two calls that ended with their worker', () => {
    expect([1, 2, 3, MAX_CALLS].map(isIsolated)).toEqual([false, false, true, true]);
  });

  it('adds the calls of attempts that the sweeper replaced', () => {
    expect(decideBeforeCall(ours, NO_HISTORY, null, 2)).toEqual({ action: 'call', call: 3 });
    expect(decideBeforeCall(ours, { ...NO_HISTORY, started: { lineage: ours, call: 3 } }, null, 2)).toEqual({
      action: 'call',
      call: 4,
    });
    expect(decideBeforeCall(ours, { ...NO_HISTORY, started: { lineage: older, call: 9 } }, null, 2)).toEqual({
      action: 'call',
      call: 3,
    });
    expect(decideBeforeCall(ours, NO_HISTORY, null, MAX_CALLS)).toEqual({ action: 'crash-loop', calls: MAX_CALLS });
    expect(decideBeforeCall(ours, { ...NO_HISTORY, isComplete: false }, null, 2)).toEqual({ action: 'park' });
  });

  it('reports a crash loop instead of a fifth call without a settlement', () => {
    expect(decideBeforeCall(ours, { ...NO_HISTORY, started: { lineage: ours, call: MAX_CALLS } }, null)).toEqual({
      action: 'crash-loop',
      calls: MAX_CALLS,
    });
  });

  it.each([
    ['cancelled', { action: 'cancel', of: 'batch' }],
    ['run-cancelled', { action: 'cancel', of: 'run' }],
    ['paused', { action: 'park' }],
  ] as const)('does not call the app when the order is "%s"', (order, decision) => {
    expect(decideBeforeCall(ours, NO_HISTORY, order)).toEqual(decision);
    expect(decideBeforeCall(ours, { ...NO_HISTORY, settled: older }, order)).toEqual(decision);
  });

  it.each(['cancelled', 'run-cancelled', 'paused'] as const)(
    'keeps an earlier settlement when the order is "%s"',
    (order) => {
      expect(decideBeforeCall(ours, { ...NO_HISTORY, settled: ours }, order)).toEqual({ action: 'publish-next' });
      expect(decideBeforeCall(ours, { ...NO_HISTORY, settled: newer }, order)).toEqual({ action: 'superseded' });
    },
  );
});
