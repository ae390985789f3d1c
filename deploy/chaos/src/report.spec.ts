import { describe, expect, it } from '@jest/globals';
import type { ChaosReport } from './chaos.js';
import type { Findings } from './examine.js';
import { isClean, renderReport } from './report.js';

const NOTHING: Findings = {
  lost: [],
  settledTwice: [],
  calledAfterSettlement: [],
  handedOnWrongly: [],
  recordedWrongly: [],
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
  it('holds when nothing was found', () => expect(isClean(NOTHING)).toBe(true));

  it.each(Object.keys(NOTHING))('does not hold with one entry in %s', (kind) => {
    expect(isClean({ ...NOTHING, [kind]: ['one'] })).toBe(false);
  });
});

describe(renderReport, () => {
  it('tells how many of each kind were found, also when there are none', () => {
    const text = renderReport(report(NOTHING));
    expect(text.match(/^ {4}0 {2}/gm)).toHaveLength(Object.keys(NOTHING).length);
    expect(text).toContain('1 disturbances, 460 calls of apps and 455 settlements in 40 s.');
  });

  it('shows the first findings of a kind and counts the rest', () => {
    const lost = Array.from({ length: 7 }, (_, nth) => `run ${nth + 1} is running`);
    const text = renderReport(report({ ...NOTHING, lost }));
    expect(text).toContain('    7  lost runs\n       run 1 is running');
    expect(text).toContain('run 5 is running\n       ... and 2 more');
    expect(text).not.toContain('run 6');
  });
});
