import { describe, expect, it } from '@jest/globals';
import { stageEventSchema } from '#libs/contracts';
import { DocumentUnavailable } from '#libs/messaging';
import { stageEvent } from '#libs/testing';
import { failureInstead } from './failure-instead.js';

const done = stageEvent({
  app: 'shots',
  generation: 3,
  kind: 'done',
  outcome: 'ok',
  times: { published: 1, started: 2, settled: 3 },
  counts: { TimeFrame: 2 },
  document: { key: '1/2/0/x', sha256: 'a'.repeat(64), bytes: 70_000, encoding: 'gzip' },
});

describe(failureInstead, () => {
  it('tries a stage again whose output got lost, and says so', () => {
    const failure = failureInstead(done, new DocumentUnavailable('The document 1/2/0/x is gone.'));
    expect(failure).toMatchObject({ kind: 'failed', outcome: 'unreachable', generation: 3, root: done.root });
    expect(failure?.sentence).toBe('The output of shots got lost: The document 1/2/0/x is gone.');
    expect(stageEventSchema.parse(failure)).toEqual(failure);
  });

  it('fails a stage whose events the database refuses, without repeating them', () => {
    const failure = failureInstead({ ...done, warnings: ['refused'] }, new Error('value too long'));
    expect(failure).toMatchObject({
      outcome: 'invalid-output',
      fingerprint: 'shots|invalid-output|cannot be recorded',
    });
    expect(failure).not.toHaveProperty('warnings');
    expect(failure).not.toHaveProperty('document');
  });

  it('says nothing instead of a start', () => {
    expect(failureInstead({ ...done, kind: 'started' }, new Error('x'))).toBeNull();
  });
});
