import { describe, expect, it } from '@jest/globals';
import type { ChaosReport } from './chaos.js';
import type { Findings } from './examine.js';
import { isClean, renderReport } from './report.js';

const NOTHING: Findings = {
  lost: [],
  settledTwice: [],
  calledAfterSettlement: [],
  wronglyForwarded: [],
  wronglyRecorded: [],
  wrongDocuments: [],
  disagreeingCounters: [],
  differingClients: [],
};
const report = (findings: Findings): ChaosReport => ({
  findings,
  disturbed: [{ second: 3, what: 'kill -9 of gateway' }],
  events: [],
  seconds: 40,
  calls: 460,
  settlements: 455,
});

describe(isClean, () => {
  it('returns true without findings', () => expect(isClean(NOTHING)).toBe(true));

  it.each(Object.keys(NOTHING))('returns false with one entry in %s', (kind) => {
    expect(isClean({ ...NOTHING, [kind]: ['one'] })).toBe(false);
  });
});

describe(renderReport, () => {
  it('shows the number of findings of each kind, including 0', () => {
    const text = renderReport(report(NOTHING));
    expect(text.match(/^ {4}0 {2}/gm)).toHaveLength(Object.keys(NOTHING).length);
    expect(text).toContain('1 disturbances, 460 app calls and 455 settlements in 40 s.');
  });

  it('shows the first findings of a kind and the number of the others', () => {
    const lost = Array.from({ length: 7 }, (_, nth) => `run ${nth + 1} is running`);
    const text = renderReport(report({ ...NOTHING, lost }));
    expect(text).toContain('    7  lost runs\n       run 1 is running');
    expect(text).toContain('run 5 is running\n       ... and 2 more');
    expect(text).not.toContain('run 6');
  });
});
