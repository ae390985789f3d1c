import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { request } from 'undici';
import { encodeCall, UnsendableParameters } from '../parameters/encode-call.js';
import type { ParameterValues } from '../parameters/parameter-value.js';
import type { AppReply } from './app-reply.js';
import { appAgent, type WritingHook } from './http-agent.js';
import { BodyTooLarge, readBody } from './read-body.js';

/** More than any document: real ones have at most 4 MB, captions of long films about 50 MB. */
const MAX_ANSWER_BYTES = 1024 ** 3;
/** An app that asks for more would keep its batch from finishing; it is asked again after an hour. */
const MAX_RETRY_AFTER_SECONDS = 3600;
const DECOMPRESSED_TOO_LARGE = 'ERR_BUFFER_TOO_LARGE';
/** Errors of name resolution, TCP connect and the TLS handshake: the request was not sent. */
const CONNECT_CODES =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|EPROTO|ERR_TLS|ERR_SSL)|CERT/;
/** The message of Node.js when the server closes the connection during the TLS handshake; its code is ECONNRESET. */
const HANDSHAKE_ENDED = 'before secure TLS connection was established';
/** Header that identifies a call, by which the progress of an app on the kit can be requested. */
export const CALL_ID_HEADER = 'x-call-id';

/** One call of an app: the document is sent unchanged, with the parameters that the user set. */
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
  /** Identifies the call to apps that report progress. */
  readonly callId?: string;
  /**
   * Called before a connection is chosen and again directly before the request is written. When it throws, nothing is
   * sent and the call rejects with that error.
   */
  readonly onSending?: () => void;
  /**
   * Called when the deadline or `signal` ends a call that was sent. The request stays open, because most apps continue
   * to work when their client disconnects: `released` resolves when the app answers or closes the connection, after
   * `disconnect`, or after one more deadline. Without it, the connection is closed at once.
   */
  readonly onAbandoned?: (abandoned: AbandonedCall) => void;
}

/** A call whose answer is no longer needed, although the app may still work on it. */
export interface AbandonedCall {
  readonly released: Promise<void>;
  readonly disconnect: () => void;
}

/** The caller's `onSending` threw `reason`, so nothing was sent. */
class NotSent extends Error {
  override readonly name = 'NotSent';

  constructor(readonly reason: unknown) {
    super('nothing was sent');
  }
}

/** A signal that undici accepts; an AbortController would make a small call several times as expensive. */
class CallSignal extends EventEmitter {
  aborted = false;

  abort(): void {
    this.aborted = true;
    this.emit('abort');
  }
}

/**
 * Posts a document to a CLAMS app. Resolves with the result, failures included; rejects only with the reason of
 * `signal`, or with what `onSending` throws.
 */
export async function callApp(call: AppCallRequest): Promise<AppReply> {
  const { deadlineMs, signal } = call;
  await detectClosedConnections();
  signal.throwIfAborted();
  call.onSending?.();
  const callSignal = new CallSignal();
  let isLate = false;
  const progress: CallProgress = { sent: false, answering: false, abandoned: false };
  let giveUp!: (reason: Error) => void;
  const givenUp = new Promise<never>((_, reject) => (giveUp = reject));
  const exchanged = exchange(call, callSignal, progress);
  const stop = () => {
    if (progress.abandoned) return;
    if (progress.sent && call.onAbandoned) {
      progress.abandoned = true;
      call.onAbandoned(abandonedCall(exchanged, callSignal, deadlineMs));
      giveUp(new Error('The answer is no longer needed.'));
    } else callSignal.abort();
  };
  signal.addEventListener('abort', stop, { once: true });
  const deadline = setTimeout(() => {
    isLate = true;
    stop();
  }, deadlineMs);
  try {
    return await Promise.race([exchanged, givenUp]);
  } catch (error) {
    if (error instanceof NotSent) throw error.reason;
    signal.throwIfAborted();
    if (isLate) return { kind: 'timeout', deadlineMs };
    return failure(error, progress.answering);
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', stop);
  }
}

interface CallProgress {
  sent: boolean;
  answering: boolean;
  abandoned: boolean;
}

function abandonedCall(exchanged: Promise<unknown>, signal: CallSignal, withinMs: number): AbandonedCall {
  const disconnect = () => signal.abort();
  const limit = setTimeout(disconnect, withinMs);
  const released = exchanged.then(
    () => clearTimeout(limit),
    () => clearTimeout(limit),
  );
  return { released, disconnect };
}

async function exchange(call: AppCallRequest, signal: CallSignal, progress: CallProgress): Promise<AppReply> {
  const { query, body } = encodeCall(call);
  const length = body.reduce((sum, part) => sum + part.byteLength, 0);
  const onWriting = () => {
    try {
      call.onSending?.();
    } catch (error) {
      throw new NotSent(error);
    }
    progress.sent = true;
  };
  const options: Parameters<typeof request>[1] & WritingHook = {
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
    signal,
  };
  const answer = await request(`${call.url}${call.url.endsWith('/') ? '' : '/'}${query}`, options);
  progress.answering = true;
  // The app is done with the call; its answer may be long.
  if (progress.abandoned) signal.abort();
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
 * Apps close a connection without notice after it was idle for 2 s. If this process was busy meanwhile, for example with
 * a large document, the close event is still pending, and a call on that connection would look like a crash of the app.
 * The poll phase between two turns of the event loop delivers the event; undici itself waits for one turn.
 */
async function detectClosedConnections(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

/** Seconds in a `Retry-After` header, which contains seconds or a date; at most an hour. */
function retryAfter(header: string | undefined): number | null {
  if (header === undefined) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? null : Math.min(Math.max(0, Math.ceil(seconds)), MAX_RETRY_AFTER_SECONDS);
}

function failure(error: unknown, answering: boolean): AppReply {
  if (error instanceof UnsendableParameters) return { kind: 'unsendable', sentence: error.message };
  if (error instanceof BodyTooLarge) return { kind: 'too-large', bytes: error.bytes };
  const code = codeOf(error);
  if (code === DECOMPRESSED_TOO_LARGE) return { kind: 'too-large', bytes: MAX_ANSWER_BYTES };
  const phase = answering ? 'during-answer' : isConnecting(error, code) ? 'connect' : 'before-answer';
  return { kind: 'no-connection', phase, code };
}

/** An established connection can time out with the code of a failed connect; then it names the system call. */
function isConnecting(error: unknown, code: string): boolean {
  const { syscall, message } = error as { syscall?: unknown; message?: unknown };
  if (syscall === 'read' || syscall === 'write') return false;
  return CONNECT_CODES.test(code) || (typeof message === 'string' && message.includes(HANDSHAKE_ENDED));
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined ? 'UNKNOWN' : codeOf(cause);
}
