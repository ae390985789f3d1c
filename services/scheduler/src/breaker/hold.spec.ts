import { describe, expect, it } from '@jest/globals';
import { afterHeldStage, type Hold, nextProbe } from './hold.js';
import type { Settled } from './settled.js';

const MINUTE = 60_000;
const NOW = 1_790_000_000_000;
const PROBE = 17;

const hold: Hold = { batch: 1, stage: 2, fingerprint: 'alike', trips: 1, probeAt: NOW, probeRun: PROBE };
const failure: Settled = {
  batch: 1,
  run: PROBE,
  index: 2,
  app: 'shots',
  startedAt: NOW,
  result: 'failure',
  fingerprint: 'alike',
  sentence: 'It fails.',
  unreached: null,
  retryAfter: 0,
  isRetry: false,
};
const success: Settled = { ...failure, result: 'success', fingerprint: '' };
const after = (settled: Settled, of: Hold = hold) => afterHeldStage(of, settled, NOW);

describe('a batch that is held at a stage', () => {
  it('is probed after 1 minute, and after pauses that double up to 15 minutes', () => {
    expect([1, 2, 3, 4, 5, 6].map((trips) => (nextProbe(trips, NOW) - NOW) / MINUTE)).toEqual([1, 2, 4, 8, 15, 15]);
  });

  it('continues at the first success at that stage, also of another file', () => {
    expect(after(success)).toBe('end');
    expect(after({ ...success, run: 99 })).toBe('end');
  });

  it('does not continue for another batch or stage', () => {
    expect(after({ ...success, batch: 9 })).toBe('none');
    expect(after({ ...success, index: 1 })).toBe('none');
    expect(after({ ...failure, batch: 9 })).toBe('none');
    expect(after({ ...failure, index: 1 })).toBe('none');
  });

  it('does not continue by itself when a person holds it', () => {
    expect(after(success, { ...hold, fingerprint: null })).toBe('none');
    expect(after(failure, { ...hold, fingerprint: null })).toBe('none');
  });

  it('waits for longer when its probe fails, and not when another file fails', () => {
    expect(after(failure)).toEqual({ trips: 2, probeAt: NOW + 2 * MINUTE });
    expect(after(failure, { ...hold, trips: 3 })).toEqual({ trips: 4, probeAt: NOW + 8 * MINUTE });
    expect(after({ ...failure, run: 99 })).toBe('none');
  });

  it('keeps a probe that the app did not accept, and replaces one that proves nothing', () => {
    expect(after({ ...failure, unreached: 'busy' })).toBe('none');
    expect(after({ ...failure, result: 'neutral' })).toBe('other-file');
    expect(after({ ...failure, result: 'neutral', run: 99 })).toBe('none');
  });
});
