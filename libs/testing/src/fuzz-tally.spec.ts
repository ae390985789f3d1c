import { describe, expect, it } from '@jest/globals';
import { operationsOf, tallyOf } from './fuzz-tally.js';

const responses = (...statuses: string[]) => ({
  responses: Object.fromEntries(statuses.map((status) => [status, {}])),
});
const operations = operationsOf({
  paths: {
    '/api/batches': { get: responses('200', '304', '400'), post: responses('201', '400') },
    '/sign-in': { get: responses('303', '403') },
  },
});

describe(operationsOf, () => {
  it('returns the success statuses of each operation', () => {
    expect(operations).toEqual([
      { name: 'GET /api/batches', successes: ['200'] },
      { name: 'POST /api/batches', successes: ['201'] },
      { name: 'GET /sign-in', successes: ['303'] },
    ]);
  });
});

describe(tallyOf, () => {
  it('counts requests by status class, including repetitions', () => {
    const answers = { 'GET /api/batches': { 200: 3, 400: 1 }, 'POST /api/batches': { 201: 2 }, again: { 201: 2 } };
    expect(tallyOf(answers, operations)).toMatchObject({
      requests: 8,
      repetitions: 2,
      classes: { '2xx': 7, '4xx': 1 },
    });
  });

  it('lists operations without success, but not an operation that succeeded once', () => {
    const answers = { 'GET /api/batches': { 304: 3 }, 'POST /api/batches': { 400: 9, 201: 1 } };
    expect(tallyOf(answers, operations).neverDone).toEqual([
      { name: 'GET /api/batches', answers: { 304: 3 } },
      { name: 'GET /sign-in', answers: {} },
    ]);
    const { neverDone } = tallyOf({ 'GET /sign-in': { 303: 1 } }, operations);
    expect(neverDone.map(({ name }) => name)).not.toContain('GET /sign-in');
  });
});
