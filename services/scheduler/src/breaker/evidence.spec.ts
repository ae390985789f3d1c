import { describe, expect, it } from '@jest/globals';
import { Evidence, FILES_ALIKE } from './evidence.js';
import type { Settled } from './settled.js';

const failure = (run: number, change: Partial<Settled> = {}): Settled => ({
  batch: 1,
  run,
  index: 0,
  app: 'shots',
  startedAt: 0,
  result: 'failure',
  fingerprint: 'shots|app-error|no memory',
  sentence: 'It fails.',
  unreached: null,
  retryAfter: 0,
  isRetry: false,
  ...change,
});
const success = failure(1, { result: 'success', fingerprint: '' });
const add = (evidence: Evidence, settled: readonly Settled[]) => settled.map((one) => evidence.add(one)).at(-1)!;
const files = (count: number, change: (run: number) => Partial<Settled> = () => ({})) =>
  Array.from({ length: count }, (_, run) => failure(run, change(run)));

describe('the evidence against an app', () => {
  it('counts different files that fail in the same way, and their batches', () => {
    const evidence = new Evidence();
    expect(evidence.add(failure(1))).toEqual({ files: 1, batches: 1 });
    expect(evidence.add(failure(2, { batch: 2 }))).toEqual({ files: 2, batches: 2 });
    expect(evidence.add(failure(2, { batch: 2 }))).toEqual({ files: 2, batches: 2 });
    expect(evidence.add(failure(3, { fingerprint: 'other' }))).toEqual({ files: 1, batches: 1 });
    expect(evidence.add(failure(4))).toEqual({ files: 3, batches: 2 });
  });

  it('counts no retry, no neutral settlement and no call that the app did not accept', () => {
    const evidence = new Evidence();
    const none = [
      failure(1, { isRetry: true }),
      failure(2, { result: 'neutral' }),
      failure(3, { unreached: 'connection' }),
      failure(4, { unreached: 'busy' }),
    ];
    for (const settled of none) expect(evidence.add(settled)).toEqual({ files: 0, batches: 0 });
    expect(evidence.add(failure(5))).toEqual({ files: 1, batches: 1 });
    expect(evidence.add(failure(6, { isRetry: true }))).toEqual({ files: 0, batches: 0 });
  });

  it('is reset by any success, and when it is cleared', () => {
    const evidence = new Evidence();
    add(evidence, files(10));
    expect(evidence.add(success)).toEqual({ files: 0, batches: 0 });
    expect(evidence.add(failure(90))).toEqual({ files: 1, batches: 1 });
    evidence.clear();
    expect(evidence.add(failure(91))).toEqual({ files: 1, batches: 1 });
  });

  it('keeps the newest files when enough have failed, so that another batch is seen', () => {
    const evidence = new Evidence();
    expect(add(evidence, files(FILES_ALIKE))).toEqual({ files: FILES_ALIKE, batches: 1 });
    expect(evidence.add(failure(100, { batch: 2 }))).toEqual({ files: FILES_ALIKE, batches: 2 });
    expect(
      add(
        evidence,
        files(FILES_ALIKE, (run) => ({ run: 200 + run })),
      ),
    ).toEqual({ files: FILES_ALIKE, batches: 1 });
  });

  it('forgets the oldest of more than 50 different failures', () => {
    const evidence = new Evidence();
    const different = files(50, (run) => ({ fingerprint: `failure ${run}` }));
    add(evidence, different);
    // Known failures displace nothing.
    expect(evidence.add(failure(60, { fingerprint: 'failure 0' }))).toEqual({ files: 2, batches: 1 });
    expect(evidence.add(failure(61, { fingerprint: 'failure 1' }))).toEqual({ files: 2, batches: 1 });
    evidence.add(failure(62, { fingerprint: 'failure 50' }));
    expect(evidence.add(failure(63, { fingerprint: 'failure 1' }))).toEqual({ files: 3, batches: 1 });
    expect(evidence.add(failure(64, { fingerprint: 'failure 0' }))).toEqual({ files: 1, batches: 1 });
  });
});
