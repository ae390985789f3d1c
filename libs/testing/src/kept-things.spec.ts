import { describe, expect, it } from '@jest/globals';
import { keptThings } from './kept-things.js';

const OPERATIONS = [
  'GET /api/batches/{id}',
  'DELETE /api/batches/{id}',
  'POST /api/batches/{id}/start',
  'POST /api/batches/{id}/duplicate',
  'GET /api/runs/{id}',
];

describe(keptThings, () => {
  it('keeps the objects of other operations on the same resource from each command', () => {
    const things = { batch: [1, 2], 'spare batch': [3], 'draft to start': [4], run: [5] };
    expect(keptThings(things, OPERATIONS)).toEqual({
      'DELETE /api/batches/{id}': { id: { kept: ['1', '2', '4'], own: [3] } },
      'POST /api/batches/{id}/start': { id: { kept: ['1', '2', '3'], own: [4] } },
      'POST /api/batches/{id}/duplicate': { id: { kept: ['3', '4'], own: [1, 2] } },
    });
  });

  it('does not keep an object that also exists for the command', () => {
    expect(keptThings({ batch: [1, 2], 'spare batch': [2] }, OPERATIONS)['DELETE /api/batches/{id}']).toEqual({
      id: { kept: ['1'], own: [2] },
    });
  });

  it('keeps nothing when all operations use the same objects', () => {
    expect(keptThings({ batch: [1] }, OPERATIONS)).toEqual({});
    expect(keptThings({}, OPERATIONS)).toEqual({});
  });
});
