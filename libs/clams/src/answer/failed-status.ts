import { checkAnswer, MmifError, readMmif, type ViewError } from '#libs/mmif';
import { errorClass, readableError, withoutSchema } from './error-class.js';
import type { AnswerOutcome, Unreached } from './classification.js';

/** Why a call failed. */
export interface Failure {
  readonly outcome: AnswerOutcome;
  /** The rest of a sentence that begins with the app's name. */
  readonly phrase: string;
  /** The text that similar failures share; default: `phrase`. */
  readonly message?: string;
  readonly trace?: string;
  /** Present: the app did not accept the call. */
  readonly unreached?: Unreached;
}

/** An answer with a status other than 200. */
export interface FailedAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

const MAX_EXCERPT = 300;
const INVALID_DATA = /^Invalid input data\.(?: See below for validation error\.)?\s*/;

const textOf = (body: Uint8Array): string => new TextDecoder().decode(body.subarray(0, 16 * 1024)).trim();

/** The beginning of a body; a web page without its tags. */
function excerpt(body: Uint8Array): string {
  const text = textOf(body)
    .replace(/<(script|style)[^]*?<\/\1>|<[^>]*>/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length > MAX_EXCERPT ? `${text.slice(0, MAX_EXCERPT)} …` : text;
}

/** The failure that an app reports in an error view. */
export function reportedError({ message, stackTrace }: ViewError): Failure {
  const readable = readableError(message) || 'an error without a message';
  return { outcome: errorClass(message), phrase: `failed: ${readable}`, message: readable, trace: stackTrace };
}

/** The document that was sent is not MMIF, so the failure is not the app's. */
export const unreadableInput = ({ message }: MmifError): Failure => ({
  outcome: 'invalid-input',
  phrase: `received a document that is not MMIF: ${message}`,
});

/**
 * The meaning of a status other than 200. The SDK answers every failure with 500, never with 4xx
 * (clams/restify/__init__.py:200-221): the form of the body distinguishes a rejected document from an error of the app.
 * Other statuses come from servers in front of the app.
 */
export function failedStatus(
  { status, contentType, body }: FailedAnswer,
  input: Uint8Array,
  identifier: string,
): Failure {
  if (status === 500)
    return contentType === 'text/html' ? unavailable(status, body) : serverError(contentType, body, input, identifier);
  switch (status) {
    case 400:
      return { outcome: 'invalid-input', phrase: `rejected the request with status 400: ${excerpt(body)}` };
    case 404:
    case 405:
      return {
        outcome: 'unreachable',
        phrase: `was not found at its address: a server answered with status ${status}`,
      };
    case 413:
      return {
        outcome: 'invalid-input',
        phrase:
          'rejected the document as too large (status 413); raise the body limit of the server in front of the app',
      };
    // A limit on requests is often per client or per file, so it counts as an attempt; its Retry-After is the delay.
    case 429:
      return { outcome: 'unreachable', phrase: 'received too many requests (status 429)' };
    case 503:
      return { outcome: 'unreachable', phrase: 'is busy or starting (status 503)', unreached: 'busy' };
    case 401:
    case 403:
    case 407:
      return { outcome: 'unreachable', phrase: `denied access (status ${status})` };
    default:
      return status >= 400 && status < 500
        ? { outcome: 'invalid-input', phrase: `rejected the request with status ${status}: ${excerpt(body)}` }
        : unavailable(status, body);
  }
}

const unavailable = (status: number, body: Uint8Array): Failure => ({
  outcome: 'unreachable',
  phrase: `is unavailable: a server in front of it answered with status ${status}: ${excerpt(body)}`,
  message: `status ${status}`,
});

function serverError(contentType: string, body: Uint8Array, input: Uint8Array, identifier: string): Failure {
  try {
    return contentType === 'text/plain' ? plainTextError(body, input) : recordedError(body, input, identifier);
  } catch (error) {
    if (!(error instanceof MmifError)) throw error;
    return unreadableInput(error);
  }
}

/** The SDK's error in plain text; throws MmifError when the input is not MMIF. */
function plainTextError(body: Uint8Array, input: Uint8Array): Failure {
  readMmif(input);
  const text = textOf(body);
  const reason = withoutSchema(text.replace(INVALID_DATA, '')).slice(0, MAX_EXCERPT);
  return INVALID_DATA.test(text)
    ? {
        outcome: 'invalid-input',
        phrase: `reported that its input, or its own output, is not valid MMIF: ${reason}`,
        message: reason,
      }
    : { outcome: 'app-error', phrase: `failed: ${reason}`, message: reason };
}

/** The error in a new view of the answer; throws MmifError when the input is not MMIF. */
function recordedError(body: Uint8Array, input: Uint8Array, identifier: string): Failure {
  const [error] = checkAnswer(input, body, identifier).errors;
  // A 500 with `{"message": "Internal Server Error"}` is often permanent: the SDK failed while recording the error.
  return error
    ? reportedError(error)
    : { outcome: 'app-error', phrase: 'failed without an error message (status 500)', message: 'status 500' };
}
