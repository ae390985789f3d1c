import { describe, expect, it } from '@jest/globals';
import { digestOf, keyOf } from './command-key.js';

const request = (method: string, key?: string) => ({
  method,
  headers: key === undefined ? {} : { 'idempotency-key': key },
});

describe('keyOf', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('returns the key of a %s', (method) => {
    expect(keyOf(request(method, 'd7b1-"x"'))).toBe('d7b1-"x"');
    expect(keyOf(request(method, 'x'.repeat(255)))).toHaveLength(255);
  });

  it.each([
    ['POST', undefined],
    ['GET', 'key'],
    ['HEAD', 'key'],
    ['OPTIONS', ''],
  ])('returns null for %s with %p', (method, key) => expect(keyOf(request(method, key))).toBeNull());

  it.each(['', 'two keys', 'a, b', 'x'.repeat(256), 'é', '\t'])('refuses %p', (key) => {
    expect(() => keyOf(request('POST', key))).toThrow(/Send an Idempotency-Key/);
  });
});

describe('digestOf', () => {
  const command = { method: 'POST', originalUrl: '/api/batches?dryRun=true' };

  it('is the same for the same command', () => {
    expect(digestOf({ ...command }, 'b')).toBe(digestOf(command, 'b'));
  });

  it.each([
    [{ ...command, method: 'PUT' }, 'b'],
    [{ ...command, originalUrl: '/api/batches' }, 'b'],
    [command, 'c'],
  ])('differs for %j with body %p', (other, body) => expect(digestOf(other, body)).not.toBe(digestOf(command, 'b')));
});
