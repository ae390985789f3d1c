import { headers as createHeaders, type Msg, type NatsConnection, nuid } from 'nats';

/** Publishes to JetStream with one inbox for all acknowledgements, without a time limit and without error classes. */
export class BarePublisher {
  private readonly inbox = `_INBOX.${nuid.next()}`;
  private readonly waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  private counter = 0;

  constructor(private readonly connection: NatsConnection) {
    connection.subscribe(`${this.inbox}.*`, { callback: (_, message) => this.settle(message) });
  }

  publish(subject: string, body: Uint8Array, headers?: Readonly<Record<string, string>>): Promise<void> {
    const token = (++this.counter).toString(36);
    return new Promise((resolve, reject) => {
      this.waiting.set(token, { resolve, reject });
      this.connection.publish(subject, body, { reply: `${this.inbox}.${token}`, ...(headers && withHeaders(headers)) });
    });
  }

  private settle(message: Msg): void {
    const token = message.subject.slice(this.inbox.length + 1);
    const { resolve, reject } = this.waiting.get(token)!;
    this.waiting.delete(token);
    if (message.headers === undefined && !message.string().includes('"error"')) resolve();
    else reject(new Error(`JetStream did not store a message: ${message.string()}`));
  }
}

function withHeaders(headers: Readonly<Record<string, string>>) {
  const all = createHeaders();
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  return { headers: all };
}
