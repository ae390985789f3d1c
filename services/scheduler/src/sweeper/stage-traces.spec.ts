import { describe, expect, it } from '@jest/globals';
import { encodeBody } from '#libs/contracts';
import { stageEvent } from '#libs/testing';
import { isSettled } from './stage-traces.js';

const settlement = (generation: number, root: string) => ({
  body: encodeBody(stageEvent({ kind: 'done', outcome: 'ok', generation, root }), new Uint8Array()),
});

describe('isSettled', () => {
  const stage = { recordedLineage: { generation: 2, root: '17' } };

  it.each([
    ['true for a settlement of the recorded lineage', settlement(2, '17'), true],
    ['true for one of a newer root, such as a raw replay', settlement(2, '18'), true],
    ['true for one of a newer generation', settlement(3, '1'), true],
    ['false for one that the recorded replay repeats', settlement(2, '9'), false],
    ['false for one of an older generation', settlement(1, '99'), false],
    ['false without a settlement', null, false],
    ['false for an unreadable one', { body: new Uint8Array() }, false],
  ])('is %s', (_, message, settled) => {
    expect(isSettled(stage, message)).toBe(settled);
  });
});
