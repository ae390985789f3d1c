import { describe, expect, it } from '@jest/globals';
import { bodyLimitOf, limitText, tooLarge } from './body-limits.js';

describe(bodyLimitOf, () => {
  it.each([
    ['/api/batches', '16 MiB', false],
    ['/API/batches/', '16 MiB', false],
    ['/api/batches/12/files', '16 MiB', false],
    ['/api/batches/{id}/files', '16 MiB', false],
    ['/api/collections/3/files', '16 MiB', false],
    ['/api/media-files/imports', '64 MiB', true],
    ['/api/batches/12/inputs/cpb-aacip-507-a', '64 MiB', true],
    ['/api/batches/12', '1 MiB', false],
    ['/api/batches/12/files/x', '1 MiB', false],
    ['/api/batches/1/2/inputs/x', '1 MiB', false],
    ['/x/api/batches', '1 MiB', false],
    ['/api/pipelines', '1 MiB', false],
  ])('of %s is %s, spooled: %p', (path, text, isSpooled) => {
    const limit = bodyLimitOf(path);
    expect([limitText(limit), limit.isSpooled]).toEqual([text, isSpooled]);
  });

  it('is told with what to do', () => {
    expect(tooLarge(bodyLimitOf('/api/batches')).problem).toMatchObject({
      status: 413,
      type: '/problems/too-large',
      detail: expect.stringMatching(/16 MiB at most.*collection/),
    });
    expect(tooLarge(bodyLimitOf('/api/apps')).message).toMatch(/ 1 MiB at most/);
  });
});
