import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { NatsConnection } from 'nats';
import { Outbox } from './outbox.js';

function outboxTo(publish: (subject: string) => void): Outbox {
  return new Outbox({ publish } as unknown as NatsConnection);
}

describe('the outbox', () => {
  it('publishes at the end of the turn, in the order of the calls', async () => {
    const sent: string[] = [];
    const outbox = outboxTo((subject) => sent.push(subject));
    outbox.publish('a', '');
    await Promise.resolve();
    outbox.publish('b', '');
    expect(sent).toEqual([]);
    await nextTurn();
    expect(sent).toEqual(['a', 'b']);
  });

  it('runs work at the end of the turn and sends what it publishes in the same turn', async () => {
    const sent: string[] = [];
    const outbox = outboxTo((subject) => sent.push(subject));
    outbox.atEndOfTurn(() => outbox.publish('work', ''));
    outbox.publish('a', '');
    await nextTurn();
    expect(sent).toEqual(['a', 'work']);
  });

  it('reports a message that cannot be sent to its publisher, and sends the others', async () => {
    const sent: string[] = [];
    const errors: unknown[] = [];
    const outbox = outboxTo((subject) => {
      if (subject === 'too-large') throw new Error('the message is too large');
      sent.push(subject);
    });
    outbox.publish('too-large', '', undefined, (error) => errors.push(error));
    outbox.publish('no-listener', '');
    outbox.publish('b', '');
    await nextTurn();
    expect(errors).toEqual([new Error('the message is too large')]);
    expect(sent).toEqual(['no-listener', 'b']);
  });

  it('publishes immediately when it is emptied, and nothing twice', async () => {
    const sent: string[] = [];
    const outbox = outboxTo((subject) => sent.push(subject));
    outbox.publish('a', '');
    outbox.empty();
    expect(sent).toEqual(['a']);
    await nextTurn();
    expect(sent).toEqual(['a']);
  });
});
