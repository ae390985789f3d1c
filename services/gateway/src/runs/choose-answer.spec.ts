import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { chooseAnswer, type StoredDocument } from './choose-answer.js';

const sha256 = 'd'.repeat(64);
const PLAIN = `"${sha256}"`;
const GZIP = `"${sha256}-gzip"`;
const compressed: StoredDocument = { sha256, bytes: 1000, encoding: 'gzip', storedBytes: 100 };
const plain: StoredDocument = { sha256, bytes: 1000, encoding: 'identity', storedBytes: 1000 };
const answer = (headers: IncomingHttpHeaders, document = compressed) => chooseAnswer({ headers }, document);

describe('the response to a request for a document', () => {
  it('passes stored gzip bytes through with their own entity tag', () => {
    expect(answer({ 'accept-encoding': 'gzip' })).toEqual({
      status: 200,
      headers: expect.objectContaining({ etag: GZIP, 'content-encoding': 'gzip', 'content-length': 100 }),
      asStored: true,
      part: null,
    });
  });

  it('is uncompressed if the client does not accept gzip or the document is stored uncompressed', () => {
    const expected = { status: 200, headers: { etag: PLAIN, 'content-length': 1000 }, part: null };
    expect(answer({})).toMatchObject({ ...expected, asStored: false });
    expect(answer({ 'accept-encoding': 'gzip' }, plain)).toMatchObject({ ...expected, asStored: true });
    for (const { headers } of [answer({}), answer({ 'accept-encoding': 'gzip' }, plain)])
      expect(headers).not.toHaveProperty('content-encoding');
  });

  it('sends a range of the uncompressed form, even if the client accepts gzip', () => {
    expect(answer({ range: 'bytes=10-19', 'accept-encoding': 'gzip' })).toEqual({
      status: 206,
      headers: expect.objectContaining({ etag: PLAIN, 'content-range': 'bytes 10-19/1000', 'content-length': 10 }),
      asStored: false,
      part: { start: 10, end: 19 },
    });
  });

  it('reports the size if the range starts after the end', () => {
    expect(answer({ range: 'bytes=1000-' })).toMatchObject({
      status: 416,
      headers: { 'content-range': 'bytes */1000' },
    });
  });

  it.each([
    [PLAIN, 206],
    [GZIP, 200],
    [`W/${PLAIN}`, 200],
    ['"another"', 200],
    ['Wed, 25 Nov 2026 14:00:00 GMT', 200],
  ])('has with If-Range %s the status %i', (ifRange, status) => {
    expect(answer({ range: 'bytes=0-9', 'if-range': ifRange })).toMatchObject({ status });
  });

  it.each([
    [PLAIN, 304],
    [GZIP, 304],
    [`"another", W/${PLAIN}`, 304],
    ['*', 304],
    ['"another"', 200],
  ])('has with If-None-Match %s the status %i', (known, status) => {
    expect(answer({ 'if-none-match': known, 'accept-encoding': 'gzip' })).toMatchObject({
      status,
      headers: { etag: GZIP },
    });
  });
});
