import { describe, expect, it } from '@jest/globals';
import { movable } from './movable.js';

const LARGE = 100_000;

describe('bytes to move to another thread', () => {
  it('are not copied when they are large and own their memory', () => {
    const bytes = new Uint8Array(LARGE).fill(1);
    expect(movable(bytes).buffer).toBe(bytes.buffer);
  });

  it.each([
    ['a part of other bytes', Buffer.alloc(2 * LARGE, 1).subarray(0, LARGE)],
    ['small', new Uint8Array(5).fill(1)],
    ['of the largest size that is copied', new Uint8Array(64 * 1024).fill(1)],
    ['in memory shared between threads', new Uint8Array(new SharedArrayBuffer(LARGE)).fill(1)],
  ])('are copied when they are %s', (_, bytes) => {
    const copy = movable(bytes);
    expect(copy.buffer).not.toBe(bytes.buffer);
    expect(copy.byteLength).toBe(copy.buffer.byteLength);
    expect(Buffer.compare(copy, bytes)).toBe(0);
  });
});
