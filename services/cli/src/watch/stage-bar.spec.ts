import { describe, expect, it } from '@jest/globals';
import type { BatchSummary } from '#libs/contracts';
import { barLine, stageBars } from './stage-bar.js';

const noCounts = { waiting: 0, queued: 0, running: 0, done: 0, failed: 0, skipped: 0, cancelled: 0, retrying: 0 };
const summary = (stage: Partial<BatchSummary['stages'][number]>): BatchSummary => ({
  batch: 1,
  version: 1,
  name: 'Tapes',
  state: 'running',
  runs: { waiting: 0, running: 1, done: 0, failed: 0, cancelled: 0 },
  stages: [{ app: 'text_v1', name: 'Text', counts: noCounts, marks: { warnings: 0, empty: 0, partial: 0 }, ...stage }],
  sentence: '',
  errors: [],
});

describe(stageBars, () => {
  it('counts settled files, whatever their outcome', () => {
    const counts = { ...noCounts, done: 5, skipped: 1, failed: 2, cancelled: 1, running: 1, waiting: 90 };
    expect(stageBars(summary({ counts }))).toEqual([
      { name: 'Text', total: 100, settled: 9, remark: '2 failed, 1 running, 1 cancelled' },
    ]);
  });

  it('reports a paused app', () => {
    expect(stageBars(summary({ paused: 'GPU maintenance' }))[0]!.remark).toBe('app paused');
  });
});

describe(barLine, () => {
  const bar = { name: 'Text', total: 3, settled: 2, remark: '1 failed' };

  it('draws a bar', () => {
    expect(barLine(bar, 8, 80)).toBe(`Text     ${'█'.repeat(20)}${'░'.repeat(10)}  66 %  2/3  1 failed`);
  });

  it('shows 100 % only if every file is settled', () => {
    expect(barLine({ ...bar, total: 1000, settled: 999 }, 8, 80)).toContain(' 99 %');
    expect(barLine({ ...bar, settled: 3 }, 8, 80)).toContain('100 %');
  });

  it('draws an empty bar for a stage without files', () => {
    expect(barLine({ ...bar, total: 0, settled: 0 }, 8, 80)).toContain('░   0 %  0/0');
  });

  it.each([40, 60, 80, 200])('fits a terminal of %i columns', (width) => {
    const long = { name: 'A name that is much longer', total: 100_000, settled: 1, remark: 'x'.repeat(200) };
    expect([...barLine(long, 20, width)].length).toBeLessThan(width);
  });
});
