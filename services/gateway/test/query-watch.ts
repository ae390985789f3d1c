import pg from 'pg';

/** A statement sent to Postgres. */
export interface SentQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}

type Query = (first: unknown, values?: unknown, ...rest: unknown[]) => unknown;

/** Records every statement that this process sends to Postgres, until it is stopped. */
export class QueryWatch {
  private readonly original = pg.Client.prototype.query as Query;
  private sent: SentQuery[] = [];

  constructor() {
    const { original } = this;
    const note = (query: SentQuery) => void this.sent.push(query);
    pg.Client.prototype.query = function noting(this: pg.Client, first: unknown, values?: unknown, ...rest: unknown[]) {
      note({ text: textOf(first), values: valuesOf(first, values) });
      return original.call(this, first, values, ...rest);
    } as typeof pg.Client.prototype.query;
  }

  /** The statements sent since the last call. */
  take(): SentQuery[] {
    const { sent } = this;
    this.sent = [];
    return sent;
  }

  stop(): void {
    pg.Client.prototype.query = this.original as typeof pg.Client.prototype.query;
  }
}

const textOf = (first: unknown): string =>
  typeof first === 'string' ? first : String((first as { text?: unknown } | null)?.text ?? '');

function valuesOf(first: unknown, values: unknown): readonly unknown[] {
  if (Array.isArray(values)) return values;
  const own = (first as { values?: unknown } | null)?.values;
  return Array.isArray(own) ? own : [];
}
