import { describe, expect, it } from '@jest/globals';
import { isOfOtherBatch, isOtherBatch } from './batch-key.js';
import { encodeBody } from './message.js';

describe('isOtherBatch', () => {
  it.each([
    ['true for two keys', { batchKey: 'a' }, { batchKey: 'b' }, true],
    ['false for the same key', { batchKey: 'a' }, { batchKey: 'a' }, false],
    ['false without a key in the message', {}, { batchKey: 'b' }, false],
    ['false without a key of the batch', { batchKey: 'a' }, {}, false],
  ])('is %s', (_, message, batch, isOther) => {
    expect(isOtherBatch(message, batch)).toBe(isOther);
  });
});

describe('isOfOtherBatch', () => {
  it.each([
    ['true for a body with another key', encodeBody({ batchKey: 'a' }), true],
    ['false for a body with the key', encodeBody({ batchKey: 'b' }), false],
    ['false for a body without a key', encodeBody({}), false],
    ['false for a body that is not valid JSON', Buffer.from('?'), false],
    ['false for a body that is not an object', Buffer.from('null'), false],
  ])('is %s', (_, body, isOther) => {
    expect(isOfOtherBatch(body, { batchKey: 'b' })).toBe(isOther);
  });
});
