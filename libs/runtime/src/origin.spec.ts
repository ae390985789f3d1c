import { describe, expect, it } from '@jest/globals';
import { isOwnOrigin } from './origin.js';

const host = 'localhost:8080';

describe(isOwnOrigin, () => {
  it.each([undefined, 'http://localhost:8080', 'https://localhost:8080'])('accepts the origin %p', (origin) => {
    expect(isOwnOrigin({ origin, host })).toBe(true);
  });

  it.each(['http://localhost:8081', 'http://localhost', 'http://127.0.0.1:8080', 'https://evil.example', 'null', ''])(
    'rejects the origin %p',
    (origin) => expect(isOwnOrigin({ origin, host })).toBe(false),
  );

  it('rejects every origin of a request without a host', () => {
    expect(isOwnOrigin({ origin: 'http://localhost:8080' })).toBe(false);
    expect(isOwnOrigin({ origin: 'null' })).toBe(false);
  });
});
