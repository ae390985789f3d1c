import { describe, expect, it } from '@jest/globals';
import type { Msg, NatsConnection } from 'nats';
import { consumerFloors } from './stream-info.js';

const consumer = (name: string, acknowledged: number) => ({ name, ack_floor: { stream_seq: acknowledged } });

/** A connection that answers requests for a list with the page at their offset. */
const answering = (pageAt: (offset: number) => object) =>
  ({
    request: (_: string, payload: string) => {
      const { offset } = JSON.parse(payload) as { offset: number };
      return Promise.resolve({ json: () => pageAt(offset) } as Msg);
    },
  }) as unknown as NatsConnection;

describe('the ack floors of consumers', () => {
  it('are collected from all pages of a long list', async () => {
    const all = ['a', 'b', 'c', 'd', 'e'].map((name, nth) => consumer(name, nth));
    const connection = answering((offset) => ({ total: all.length, consumers: all.slice(offset, offset + 2) }));
    expect([...(await consumerFloors(connection, 'STAGES'))]).toEqual(
      all.map(({ name, ack_floor: { stream_seq: floor } }) => [name, floor]),
    );
  });

  // NATS 2.15.1, in a cluster of three with one member killed, returns the same known consumers for every offset.
  it('are returned without those of an unreachable cluster member', async () => {
    const page = { total: 3, consumers: [consumer('a', 5), consumer('b', 6)], missing: ['c'] };
    const floors = await consumerFloors(
      answering(() => page),
      'STAGES',
    );
    expect([...floors]).toEqual([
      ['a', 5],
      ['b', 6],
    ]);
  });

  it('are empty without the stream, and rejected when the server returns an error', async () => {
    const refusing = (error: object) => answering(() => ({ error }));
    const missing = { err_code: 10059, description: 'stream not found' };
    expect((await consumerFloors(refusing(missing), 'STAGES')).size).toBe(0);
    const away = { err_code: 10008, description: 'system temporarily unavailable' };
    await expect(consumerFloors(refusing(away), 'STAGES')).rejects.toThrow('temporarily unavailable');
  });
});
