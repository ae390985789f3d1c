import { AsyncLocalStorage } from 'node:async_hooks';
import { Socket } from 'node:net';
import { EntityManager } from 'typeorm';
import { type LeanPublisher, type NatsLink } from '#libs/messaging';
import { monotonicNow } from '#libs/runtime';

/** Work on another system during a transaction. */
export interface WorkInTransaction {
  /** "nats" or "connect", the opening of any connection. */
  readonly kind: 'nats' | 'connect';
  /** Stack of the code that began the transaction. */
  readonly begunBy: string;
}

interface Open {
  readonly begunBy: string;
}

type Method = (this: unknown, ...given: unknown[]) => unknown;

/**
 * Records what this process does on other systems while it is in a transaction of Postgres. It observes the methods
 * through which every transaction, every message to NATS and every new connection passes.
 */
export class TransactionWatch {
  readonly found: WorkInTransaction[] = [];
  /** Durations of the ended transactions in milliseconds, by the stack that began them. */
  readonly ended: { readonly begunBy: string; readonly ms: number }[] = [];
  /** Called before each work on another system in a transaction. */
  onWork: (() => void) | undefined;
  private readonly open = new AsyncLocalStorage<Open>();
  private readonly restore: (() => void)[] = [];

  constructor(link: NatsLink) {
    this.watchTransactions();
    const connection = Object.getPrototypeOf(link.connection) as object;
    for (const method of ['publish', 'request', 'requestMany']) this.note('nats', connection, method);
    this.note('nats', Object.getPrototypeOf(link.publisher) as LeanPublisher, 'publish');
    this.note('nats', Object.getPrototypeOf(link.outbox) as object, 'publish');
    this.note('connect', Socket.prototype, 'connect');
  }

  close(): void {
    for (const undo of this.restore) undo();
  }

  /** Transactions run their work in a context; `transaction` connects to Postgres before it begins one. */
  private watchTransactions(): void {
    this.replace(EntityManager.prototype, 'transaction', (original, open, ended) => {
      return function (this: unknown, ...given: unknown[]) {
        const begunBy = new Error().stack ?? '';
        const started = monotonicNow();
        const inContext = (work: Method): Method =>
          function (this: unknown, ...inner) {
            return open.run({ begunBy }, () => work.apply(this, inner));
          };
        const watched = given.map((part) => (typeof part === 'function' ? inContext(part as Method) : part));
        const result = original.apply(this, watched) as Promise<unknown>;
        const end = () => ended.push({ begunBy, ms: monotonicNow() - started });
        result.then(end, end);
        return result;
      };
    });
  }

  private note(kind: WorkInTransaction['kind'], target: object, name: string): void {
    const note = (begunBy: string) => {
      this.found.push({ kind, begunBy });
      this.onWork?.();
    };
    this.replace(target, name, (original, open) => {
      return function (this: unknown, ...given: unknown[]) {
        const transaction = open.getStore();
        if (transaction) note(transaction.begunBy);
        return original.apply(this, given);
      };
    });
  }

  private replace(
    target: object,
    name: string,
    wrap: (original: Method, open: AsyncLocalStorage<Open>, ended: TransactionWatch['ended']) => Method,
  ): void {
    const holder = target as Record<string, Method>;
    const original = holder[name]!;
    holder[name] = wrap(original, this.open, this.ended);
    this.restore.push(() => {
      holder[name] = original;
    });
  }
}
