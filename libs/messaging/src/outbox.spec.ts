import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { NatsConnection } from 'nats';
import { Outbox } from './outbox.js';

function outboxTo(publish: (subject: string) => void): Outbox {
  return new Outbox({ publish } as unknown as NatsConnection);
}

describe(Outbox, () => {
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

  it('does what was planned for the end of the turn before what it publishes leaves, in the same turn', async () => {
    const sent: string[] = [];
    const outbox = outboxTo((subject) => sent.push(subject));
    outbox.atEndOfTurn(() => outbox.publish('asked', ''));
    outbox.publish('a', '');
    await nextTurn();
    expect(sent).toEqual(['a', 'asked']);
  });

  it('tells whoever published what cannot be sent, and sends the rest', async () => {
    const sent: string[] = [];
    const refused: unknown[] = [];
    const outbox = outboxTo((subject) => {
      if (subject === 'too-large') throw new Error('larger than the server takes');
      sent.push(subject);
    });
    outbox.publish('too-large', '', undefined, (error) => refused.push(error));
    outbox.publish('unheard', '');
    outbox.publish('b', '');
    await nextTurn();
    expect(refused).toEqual([new Error('larger than the server takes')]);
    expect(sent).toEqual(['unheard', 'b']);
  });

  it('publishes at once when it is emptied, and nothing twice', async () => {
    const sent: string[] = [];
    const outbox = outboxTo((subject) => sent.push(subject));
    outbox.publish('a', '');
    outbox.empty();
    expect(sent).toEqual(['a']);
    await nextTurn();
    expect(sent).toEqual(['a']);
  });
});
