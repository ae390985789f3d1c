import { describe, expect, it } from '@jest/globals';
import { formatClock } from './format.js';
import { nextProbe } from './hold-labels.js';

describe(nextProbe, () => {
  const at = '2026-01-01T12:00:00Z';

  it('names the file that is processed as a probe, or the time of the next one', () => {
    expect(nextProbe({ probe: 7, probeAt: at })).toMatch(/^One file is being processed as a probe/);
    expect(nextProbe({ probe: null, probeAt: at })).toContain(`as a probe at ${formatClock(at)}`);
  });

  it('promises no probe where a person decides', () => {
    expect(nextProbe({ probe: null, probeAt: null })).toBe('It does not continue without a decision.');
  });
});
