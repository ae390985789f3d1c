import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { request } from 'undici';
import { encodeCall, UnsendableParameters } from '../parameters/encode-call.js';
import type { ParameterValues } from '../parameters/parameter-value.js';
import type { AppReply } from './app-reply.js';
import { appAgent, type AskedRequest } from './http-agent.js';
import { BodyTooLarge, readBody } from './read-body.js';

/** More than any document: real ones end at 4 MB, captions of long films at some 50 MB. */
const MAX_ANSWER_BYTES = 1024 ** 3;
const UNPACKED_TOO_LARGE = 'ERR_BUFFER_TOO_LARGE';
const CONNECT_CODES =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS)/;
/** Name of the call's header that the app kit's progress is asked by. */
export const CALL_ID_HEADER = 'x-call-id';

/** One call of an app: the document goes out byte for byte, with the parameters that were set. */
export interface AppCallRequest {
  readonly url: string;
  readonly document: Uint8Array;
  readonly parameters: ParameterValues;
  /** Declared type of each parameter by name. */
  readonly declaredTypes: Readonly<Record<string, string>>;
  readonly mmifVersion: string | null;
  readonly deadlineMs: number;
  /** Ends the call early. */
  readonly signal: AbortSignal;
  /** Names the call towards apps that tell their progress. */
  readonly callId?: string;
  /** Called before a connection is looked for, and again right before anything is sent; what it throws ends the call. */
  readonly onSending?: () => void;
}

/** Nothing was sent, for a reason of the caller. */
class NotSent extends Error {
  override readonly name = 'NotSent';

  constructor(readonly reason: unknown) {
    super('nothing was sent');
  }
}

/** What undici takes for a signal; an AbortController costs a small call several times as much. */
class Ending extends EventEmitter {
  aborted = false;

  abort(): void {
    this.aborted = true;
    this.emit('abort');
  }
}

/**
 * Posts a document to a CLAMS app. Resolves with whatever came of it; rejects only with the reason of `signal`, or what
 * `onSending` throws.
 */
export async function callApp(call: AppCallRequest): Promise<AppReply> {
  const { deadlineMs, signal } = call;
  await closedConnectionsNoticed();
  signal.throwIfAborted();
  call.onSending?.();
  const ending = new Ending();
  let isLate = false;
  const onAbort = () => ending.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  const deadline = setTimeout(() => {
    isLate = true;
    ending.abort();
  }, deadlineMs);
  const progress = { answering: false };
  try {
    return await exchange(call, ending, progress);
  } catch (error) {
    if (error instanceof NotSent) throw error.reason;
    signal.throwIfAborted();
    if (isLate) return { kind: 'timeout', deadlineMs };
    return failure(error, progress.answering);
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', onAbort);
  }
}

async function exchange(call: AppCallRequest, ending: Ending, progress: { answering: boolean }): Promise<AppReply> {
  const { query, body } = encodeCall(call);
  const length = body.reduce((sum, part) => sum + part.byteLength, 0);
  const onWriting = () => {
    try {
      call.onSending?.();
    } catch (error) {
      throw new NotSent(error);
    }
  };
  const options: Parameters<typeof request>[1] & AskedRequest = {
    dispatcher: appAgent,
    onWriting,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': String(length),
      accept: 'application/json',
      'accept-encoding': 'gzip',
      ...(call.callId === undefined ? {} : { [CALL_ID_HEADER]: call.callId }),
    },
    body: body.length === 1 ? body[0]! : Buffer.concat(body, length),
    signal: ending,
  };
  const answer = await request(`${call.url}${call.url.endsWith('/') ? '' : '/'}${query}`, options);
  progress.answering = true;
  const header = (name: string) => {
    const value = answer.headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  return {
    kind: 'answer',
    status: answer.statusCode,
    contentType: (header('content-type') ?? '').split(';')[0]!.trim().toLowerCase(),
    retryAfter: retryAfter(header('retry-after')),
    body: await readBody(
      answer.body,
      { encoding: header('content-encoding'), length: header('content-length') },
      MAX_ANSWER_BYTES,
    ),
  };
}

/**
 * Apps close a connection after two idle seconds, unannounced. When this process was busy that long, with a large
 * document, the news still waits in the system, and a call on such a connection would look like a crash of the app.
 * Between two turns of the event loop lies its poll phase, which brings the news; undici itself waits for one turn.
 */
async function closedConnectionsNoticed(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

/** Seconds of a `Retry-After` header, which may also be a date. */
function retryAfter(header: string | undefined): number | null {
  if (header === undefined) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null;
}

function failure(error: unknown, answering: boolean): AppReply {
  if (error instanceof UnsendableParameters) return { kind: 'unsendable', sentence: error.message };
  if (error instanceof BodyTooLarge) return { kind: 'too-large', bytes: error.bytes };
  const code = codeOf(error);
  if (code === UNPACKED_TOO_LARGE) return { kind: 'too-large', bytes: MAX_ANSWER_BYTES };
  const phase = answering ? 'during-answer' : CONNECT_CODES.test(code) ? 'connect' : 'before-answer';
  return { kind: 'no-connection', phase, code };
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined ? 'UNKNOWN' : codeOf(cause);
}
