import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as delay } from 'node:timers/promises';
import { CliError, EXIT } from '../exit-codes.js';
import { apiError } from './api-error.js';
import type { Server } from './find-server.js';
import { retryDelay, type RequestFailure, failureOf } from './retry.js';

/** A successful response. */
export interface Answer {
  readonly status: number;
  /** The body exactly as received. */
  readonly text: string;
  /** The text parsed as JSON; null if it is empty. */
  readonly body: unknown;
}

/** Body of a command: JSON, or a file with its media type. A file is read again each time it is sent. */
export type RequestBody =
  { readonly json: object } | { readonly file: { readonly read: () => Readable }; readonly type: string };

export interface ApiOptions {
  /** Idempotency key of the first command; the keys of further commands are derived from it. */
  readonly key?: string | undefined;
  /** Aborts requests in progress. */
  readonly signal: AbortSignal;
  /** Called once per request, at its first retry. */
  readonly onRetry: (sentence: string) => void;
}

/**
 * Client of Chowda's REST interface. A request without a response is sent again. Every command has an idempotency key,
 * so that it takes effect once, however often it was sent.
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
    return this.withRetries((signal) => this.read(path, { signal }));
  }

  /** Sends a command, by default one without a body. */
  send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, content?: RequestBody): Promise<Answer> {
    this.commands += 1;
    const key = this.commands === 1 ? this.firstKey : `${this.firstKey}-${this.commands}`;
    const headers = { 'idempotency-key': key, ...(content ? { 'content-type': typeOf(content) } : {}) };
    const json = content && 'json' in content ? JSON.stringify(content.json) : null;
    const body = () => (content && 'file' in content ? streamed(content.file.read()) : { body: json });
    return this.withRetries((signal) => this.read(path, { method, headers, signal, ...body() }));
  }

  /** A successful response whose body has not been read yet. */
  open(path: string): Promise<Response> {
    return this.withRetries((signal) => this.fetch(path, { signal }));
  }

  private async read(path: string, request: RequestInit): Promise<Answer> {
    const response = await this.fetch(path, request);
    const text = await response.text();
    try {
      return { status: response.status, text, body: text === '' ? null : (JSON.parse(text) as unknown) };
    } catch (cause) {
      const url = new URL(path, this.server.url).href;
      throw new CliError(`${url} did not respond in the format of Chowda. Check CHOWDA_URL.`, EXIT.unreachable, {
        cause,
      });
    }
  }

  private async fetch(path: string, request: RequestInit): Promise<Response> {
    const url = new URL(path, this.server.url);
    const headers = { ...(request.headers as object), authorization: `Bearer ${this.server.token}` };
    const response = await fetch(url, { ...request, headers });
    if (response.ok) return response;
    const { status } = response;
    const failure: RequestFailure = { kind: 'status', status, retryAfter: response.headers.get('retry-after') };
    throw new ErrorResponse(failure, apiError(url.origin, status, await response.text()));
  }

  private async withRetries<Result>(attempt: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const { signal, onRetry } = this.options;
    const failures: RequestFailure[] = [];
    for (;;) {
      try {
        return await attempt(signal);
      } catch (error) {
        const failure = error instanceof ErrorResponse ? error.failure : failureOf(error);
        if (failure === null || signal.aborted) throw error;
        failures.push(failure);
        const pause = retryDelay(failures);
        if (pause === null) throw error instanceof ErrorResponse ? error.reason : this.unreachable(error);
        if (failures.length === 1) onRetry(`${this.server.url} does not respond; trying again ...`);
        await delay(pause, undefined, { signal });
      }
    }
  }

  private unreachable(cause: unknown): CliError {
    const sentence = `${this.server.url} is not reachable. Start Chowda there, or set CHOWDA_URL to its address.`;
    return new CliError(sentence, EXIT.unreachable, { cause });
  }
}

/** A response with a status of 400 or above; some statuses are retried. */
class ErrorResponse extends Error {
  constructor(
    readonly failure: RequestFailure,
    readonly reason: CliError,
  ) {
    super(reason.message);
  }
}

/** A request body that is sent while it is read. */
const streamed = (file: Readable): RequestInit => ({ body: Readable.toWeb(file) as ReadableStream, duplex: 'half' });

const typeOf = (content: RequestBody): string => ('json' in content ? 'application/json' : content.type);
