import { describe, expect, it } from '@jest/globals';
import { BODY_LIMITS, limitsByPath, limitText, tooLarge } from './body-limits.js';

const { command, guids, table, document } = BODY_LIMITS;
const limitOf = limitsByPath([
  { path: '/api/batches', limit: command },
  { path: '/api/batches', limit: guids },
  { path: '/api/batches/{id}', limit: command },
  { path: '/api/batches/{id}/files', limit: guids },
  { path: '/api/media-files/imports', limit: table },
  { path: '/api/batches/{id}/inputs/{guid}', limit: document },
]);

describe(limitsByPath, () => {
  it.each([
    ['/api/batches', guids],
    ['/API/batches/', guids],
    ['/api/batches/12/files', guids],
    ['/api/batches/{id}/files', guids],
    ['/api/media-files/imports', table],
    ['/api/batches/12/inputs/cpb-aacip-507-a', document],
    ['/api/batches/12', command],
    ['/api/batches/12/files/x', command],
    ['/api/batches/1/2/inputs/x', command],
    ['/x/api/batches', command],
    ['/api/pipelines', command],
  ])('limits a body for %s to %j', (path, limit) => {
    expect(limitOf(path)).toBe(limit);
  });
});

describe('the refusal of a body that is too large', () => {
  it('names the limit and what to do instead', () => {
    expect(limitText(guids)).toBe('16 MiB');
    expect(tooLarge(guids).problem).toMatchObject({
      status: 413,
      type: '/problems/too-large',
      detail: expect.stringMatching(/at most 16 MiB.*collection/),
    });
    expect(tooLarge(command).message).toMatch(/at most 1 MiB, /);
  });
});
