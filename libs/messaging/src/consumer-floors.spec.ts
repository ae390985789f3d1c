import { describe, expect, it } from '@jest/globals';
import type { Msg, NatsConnection } from 'nats';
import { consumerFloors } from './consumer-floors.js';

const consumer = (name: string, acknowledged: number) => ({ name, ack_floor: { stream_seq: acknowledged } });

/** A connection that answers a request for a list with what `pageAt` gives for its offset. */
const answering = (pageAt: (offset: number) => object) =>
  ({
    request: (_: string, payload: string) => {
      const { offset } = JSON.parse(payload) as { offset: number };
      return Promise.resolve({ json: () => pageAt(offset) } as Msg);
    },
  }) as unknown as NatsConnection;

describe(consumerFloors, () => {
  it('puts the pages of a long list together', async () => {
    const all = ['a', 'b', 'c', 'd', 'e'].map((name, nth) => consumer(name, nth));
    const connection = answering((offset) => ({ total: all.length, consumers: all.slice(offset, offset + 2) }));
    expect([...(await consumerFloors(connection, 'STAGES'))]).toEqual(
      all.map(({ name, ack_floor: { stream_seq: floor } }) => [name, floor]),
    );
  });

  // What 2.15.1 answers in a cluster of three of which one was killed: whatever the offset, those that it knows of.
  it('comes to an end when a member of the cluster does not tell of its consumers', async () => {
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

  it('knows of none when the stream is not there, and fails when the server does not tell', async () => {
    const refusing = (error: object) => answering(() => ({ error }));
    const missing = { err_code: 10059, description: 'stream not found' };
    expect((await consumerFloors(refusing(missing), 'STAGES')).size).toBe(0);
    const away = { err_code: 10008, description: 'system temporarily unavailable' };
    await expect(consumerFloors(refusing(away), 'STAGES')).rejects.toThrow('temporarily unavailable');
  });
});
