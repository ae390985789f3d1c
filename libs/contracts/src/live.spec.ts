import { describe, expect, it } from '@jest/globals';
import { BATCHES_TOPIC, batchTopic, parseBatchTopic, subscribeSchema } from './live.js';

describe('a topic', () => {
  it('names a batch', () => {
    expect(parseBatchTopic(batchTopic(123))).toBe(123);
  });

  it.each(['batch:', 'batch:x', 'batch:-1', 'batch:1 ', 'run:1', BATCHES_TOPIC, ''])(
    'does not name a batch when it is %j',
    (topic) => {
      expect(parseBatchTopic(topic)).toBeNull();
    },
  );
});

describe('a subscription', () => {
  it.each([BATCHES_TOPIC, 'batch:123'])('to %s starts at version 0 by default', (topic) => {
    expect(subscribeSchema.parse({ topic })).toEqual({ topic, since: 0 });
  });

  it.each([{ topic: 'live.123' }, { topic: 'batch:123', since: -1 }, { topic: 'batch:123', room: 'x' }, {}])(
    'is rejected when it is %j',
    (message) => {
      expect(subscribeSchema.safeParse(message).success).toBe(false);
    },
  );
});
