import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as delay } from 'node:timers/promises';
import { CliError, EXIT } from '../exit-codes.js';
import { apiError } from './api-error.js';
import type { Server } from './find-server.js';
import { repeatAfter, type Trouble, troubleOf } from './repeat.js';

/** An answer as it arrived. */
export interface Answer {
  readonly status: number;
  /** Exactly what was sent. */
  readonly text: string;
  /** The text as JSON; null when it is empty. */
  readonly body: unknown;
}

/** What is sent with a command: JSON, or a file of a media type, which is read again each time it is sent. */
export type Sent =
  { readonly json: object } | { readonly file: { readonly read: () => Readable }; readonly type: string };

export interface ApiOptions {
  /** Idempotency key of the first command; further ones get keys made from it. */
  readonly key?: string | undefined;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** Told when a request is repeated. */
  readonly onTrouble: (sentence: string) => void;
}

/**
 * Speaks Chowda's REST interface. A request that is not answered is sent again; every command has an idempotency key,
 * so that it is done once however often it was sent.
 */
export class Api {
  private readonly firstKey: string;
  private commands = 0;

  constructor(
    readonly server: Server,
    private readonly options: ApiOptions,
  ) {
    this.firstKey = options.key ?? randomUUID();
  }

  get(path: string): Promise<Answer> {
    return this.untilAnswered((signal) => this.read(path, { signal }));
  }

  /** Sends a command, by default one without a body. */
  send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, sent?: Sent): Promise<Answer> {
    this.commands += 1;
    const key = this.commands === 1 ? this.firstKey : `${this.firstKey}-${this.commands}`;
    const headers = { 'idempotency-key': key, ...(sent ? { 'content-type': typeOf(sent) } : {}) };
    const json = sent && 'json' in sent ? JSON.stringify(sent.json) : null;
    const body = () => (sent && 'file' in sent ? streamed(sent.file.read()) : { body: json });
    return this.untilAnswered((signal) => this.read(path, { method, headers, signal, ...body() }));
  }

  /** A successful answer whose body has not been read yet. */
  open(path: string): Promise<Response> {
    return this.untilAnswered((signal) => this.ask(path, { signal }));
  }

  private async read(path: string, request: RequestInit): Promise<Answer> {
    const answer = await this.ask(path, request);
    const text = await answer.text();
    try {
      return { status: answer.status, text, body: text === '' ? null : (JSON.parse(text) as unknown) };
    } catch (cause) {
      const url = new URL(path, this.server.url).href;
      throw new CliError(`${url} did not answer as Chowda does: check CHOWDA_URL.`, EXIT.unreachable, { cause });
    }
  }

  private async ask(path: string, request: RequestInit): Promise<Response> {
    const url = new URL(path, this.server.url);
    const headers = { ...(request.headers as object), authorization: `Bearer ${this.server.token}` };
    const answer = await fetch(url, { ...request, headers });
    if (answer.ok) return answer;
    const trouble: Trouble = { kind: 'status', status: answer.status, retryAfter: answer.headers.get('retry-after') };
    throw new RefusedAnswer(trouble, apiError(url.origin, answer.status, await answer.text()));
  }

  private async untilAnswered<Result>(attempt: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const { signal, onTrouble } = this.options;
    const troubles: Trouble[] = [];
    for (;;) {
      try {
        return await attempt(signal);
      } catch (error) {
        const trouble = error instanceof RefusedAnswer ? error.trouble : troubleOf(error);
        if (trouble === null || signal.aborted) throw error;
        troubles.push(trouble);
        const pause = repeatAfter(troubles);
        if (pause === null) throw error instanceof RefusedAnswer ? error.reason : this.unreachable(error);
        if (troubles.length === 1) onTrouble(`${this.server.url} does not answer; asking again ...`);
        await delay(pause, undefined, { signal });
      }
    }
  }

  private unreachable(cause: unknown): CliError {
    const sentence = `${this.server.url} is not reachable: start Chowda there, or set CHOWDA_URL to where it runs.`;
    return new CliError(sentence, EXIT.unreachable, { cause });
  }
}

/** An answer of 400 or above: maybe it is only too early. */
class RefusedAnswer extends Error {
  constructor(
    readonly trouble: Trouble,
    readonly reason: CliError,
  ) {
    super(reason.message);
  }
}

/** A body that is sent while it is read. */
const streamed = (file: Readable): RequestInit => ({ body: Readable.toWeb(file) as ReadableStream, duplex: 'half' });

const typeOf = (sent: Sent): string => ('json' in sent ? 'application/json' : sent.type);
