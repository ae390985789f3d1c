import { describe, expect, it } from '@jest/globals';
import { stageEventSchema } from '#libs/contracts';
import { DocumentUnavailable } from '#libs/messaging';
import { stageEvent } from '#libs/testing';
import { failureInsteadOf } from './unrecordable-event.js';

const done = stageEvent({
  app: 'shots',
  generation: 3,
  kind: 'done',
  outcome: 'ok',
  times: { published: 1, started: 2, settled: 3 },
  counts: { TimeFrame: 2 },
  document: { key: '1/2/0/x', sha256: 'a'.repeat(64), bytes: 70_000, encoding: 'gzip' },
});

describe(failureInsteadOf, () => {
  it('retries a stage whose output was lost', () => {
    const failure = failureInsteadOf(done, new DocumentUnavailable('The document 1/2/0/x is missing.'));
    expect(failure).toMatchObject({ kind: 'failed', outcome: 'unreachable', generation: 3, root: done.root });
    expect(failure?.sentence).toBe('The output of shots was lost: The document 1/2/0/x is missing.');
    expect(stageEventSchema.parse(failure)).toEqual(failure);
  });

  it('fails a stage whose event the database rejects, without the rejected fields', () => {
    const failure = failureInsteadOf({ ...done, warnings: ['rejected'] }, new Error('value too long'));
    expect(failure).toMatchObject({
      outcome: 'invalid-output',
      sentence: 'The response of shots could not be recorded.',
      fingerprint: 'shots|invalid-output|cannot be recorded',
    });
    expect(failure).not.toHaveProperty('warnings');
    expect(failure).not.toHaveProperty('document');
  });

  it('returns null for a start', () => {
    expect(failureInsteadOf({ ...done, kind: 'started' }, new Error('x'))).toBeNull();
  });
});
