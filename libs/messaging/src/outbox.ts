import type { NatsConnection, PublishOptions } from 'nats';

/**
 * Sends what is published in one turn of the event loop with one write. The client writes once per microtask, and
 * answers of apps arrive one by one: each publication would cost a system call here and one in the server.
 */
export class Outbox {
  private waiting: (() => void)[] = [];

  constructor(private readonly connection: NatsConnection) {}

  /** Publishes at the end of this turn, in the order of the calls; `onError` hears of what cannot be sent. */
  publish(
    subject: string,
    body: Uint8Array | string,
    options?: PublishOptions,
    onError: (error: unknown) => void = () => undefined,
  ): void {
    this.atEndOfTurn(() => {
      try {
        this.connection.publish(subject, body, options);
      } catch (error) {
        onError(error);
      }
    });
  }

  /** Does something before what is published by it leaves, at the end of this turn. */
  atEndOfTurn(work: () => void): void {
    if (this.waiting.push(work) === 1) setImmediate(() => this.empty());
  }

  /** Hands over to the client what waits, before the connection is drained. */
  empty(): void {
    // What the work itself publishes comes behind it and leaves with the same write.
    for (let next = 0; next < this.waiting.length; next += 1) this.waiting[next]!();
    this.waiting = [];
  }
}
