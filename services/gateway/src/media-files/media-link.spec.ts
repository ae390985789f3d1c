import { describe, expect, it } from '@jest/globals';
import { createMediaToken, readMediaToken } from './media-link.js';

const SECRET = 'secret-'.repeat(6);
const EXPIRY = 1_790_000_000;
const token = createMediaToken(SECRET, 17, EXPIRY);
const read = (given: string, now = EXPIRY * 1000 - 1, secret = SECRET) => readMediaToken(secret, given, now);

describe('a media token', () => {
  it('identifies its media file until it expires', () => {
    expect(read(token)).toBe(17);
    expect(read(token, EXPIRY * 1000)).toBe('expired');
  });

  it.each([
    ['another file', token.replace(/^17/, '18')],
    ['another expiry', token.replace('1790000000', '1790000001')],
    ['another signature', `${token.slice(0, -2)}xx`],
    ['no signature', token.split('.')[0]!],
    ['an empty signature', `${token.split('.')[0]}.`],
    ['an additional part', `${token}.x`],
    ['no content', ''],
    ['letters instead of a file id', `x-1.${token.split('.')[1]}`],
  ])('is rejected as forged with %s', (_, given) => expect(read(given)).toBe('forged'));

  it('is rejected as forged when another secret signed it', () => {
    expect(read(token, EXPIRY * 1000 - 1, 'other-'.repeat(6))).toBe('forged');
  });
});
