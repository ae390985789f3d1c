import { describe, expect, it } from '@jest/globals';
import { STAGE_STEPS } from '../../services/worker/src/stage-step.js';
// @ts-expect-error plain JavaScript, which runs without a build
import { missingPrograms, modelSteps, search } from './search.mjs';

const missing: readonly string[] = missingPrograms();
if (missing.length > 0) process.stderr.write(`SKIPPED: the model is not searched without ${missing.join(' and ')}.\n`);
const withSpin = missing.length > 0 ? describe.skip : describe;
const MINUTE = 60_000;

describe('the model of one run', () => {
  it('names the steps of the worker in their order', async () => {
    expect(await modelSteps()).toEqual([...STAGE_STEPS]);
  });
});

withSpin('the search of the model', () => {
  it(
    'finds no error with one fault at any moment',
    async () => {
      expect(await search({ faults: 1 })).toMatchObject({ trail: null, states: expect.any(Number) });
    },
    5 * MINUTE,
  );

  it(
    'finds the error of a worker that publishes the next stage before the commit',
    async () => {
      const { trail } = await search({ faults: 1, broken: 'BREAK_ORDER' });
      expect(trail).toContainEqual(expect.stringContaining('FAULT'));
    },
    5 * MINUTE,
  );
});
