import { describe, expect, it } from '@jest/globals';
import { isForClient } from './client-pages.js';

describe('isForClient', () => {
  it.each(['/', '/batches/7', '/batches/7?show=failed', '/runs/12', '/apiary'])('returns true for %s', (url) => {
    expect(isForClient({ method: 'GET', url })).toBe(true);
  });

  it.each([
    '/api/batches',
    '/API/batches',
    '/api',
    '/socket.io/',
    '/assets/x',
    '/sign-in?code=1',
    '/healthz',
    '/livez',
    '/media/9-1.x',
    '/favicon.ico',
  ])('returns false for %s', (url) => expect(isForClient({ method: 'GET', url })).toBe(false));

  it('returns false for a request that is not GET or HEAD', () => {
    expect(isForClient({ method: 'POST', url: '/' })).toBe(false);
  });
});
