import { checkAnswer, MmifError, readMmif, type ViewError } from '#libs/mmif';
import { errorClass, readableError, withoutSchema } from './error-class.js';
import type { AnswerOutcome } from './classification.js';

/** Why a call failed: a sentence that begins behind the app's name, and the text that similar failures share. */
export interface Failure {
  readonly outcome: AnswerOutcome;
  readonly says: string;
  /** What groups similar failures; default: `says`. */
  readonly message?: string;
  readonly trace?: string;
}

/** An answer that is not 200, as it arrived. */
export interface FailedAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

const MAX_EXCERPT = 300;
const INVALID_DATA = /^Invalid input data\.(?: See below for validation error\.)?\s*/;

const textOf = (body: Uint8Array): string => new TextDecoder().decode(body.subarray(0, 16 * 1024)).trim();
/** The first words of a body, of a web page without its tags. */
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
  return { outcome: errorClass(message), says: `failed: ${readable}`, message: readable, trace: stackTrace };
}

/** The document that was sent is none, so the app is not to blame. */
export const unreadableInput = ({ message }: MmifError): Failure => ({
  outcome: 'invalid-input',
  says: `was given a document that is no MMIF: ${message}`,
});

/**
 * What a status other than 200 means. The SDK answers 500 for everything and never 4xx (clams/restify/__init__.py:200-221):
 * the form of the body tells a refused document from an error of the app; other statuses come from servers in front.
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
      return { outcome: 'invalid-input', says: `refused the request with status 400: ${excerpt(body)}` };
    case 404:
    case 405:
      return { outcome: 'unreachable', says: `is not at its address: it answered with status ${status}` };
    case 413:
      return {
        outcome: 'invalid-input',
        says: 'refused the document as too large (status 413); raise the limit of the server in front of it',
      };
    case 429:
    case 503:
      return { outcome: 'unreachable', says: `is busy (status ${status})` };
    case 401:
    case 403:
    case 407:
      return { outcome: 'unreachable', says: `refuses access (status ${status})` };
    default:
      return status >= 400 && status < 500
        ? { outcome: 'invalid-input', says: `refused the request with status ${status}: ${excerpt(body)}` }
        : unavailable(status, body);
  }
}

const unavailable = (status: number, body: Uint8Array): Failure => ({
  outcome: 'unreachable',
  says: `is not available: a server in front of it answered with status ${status}: ${excerpt(body)}`,
  message: `status ${status}`,
});

function serverError(contentType: string, body: Uint8Array, input: Uint8Array, identifier: string): Failure {
  try {
    return contentType === 'text/plain' ? refusal(body, input) : recordedError(body, input, identifier);
  } catch (error) {
    if (!(error instanceof MmifError)) throw error;
    return unreadableInput(error);
  }
}

/** What the SDK says in plain text; throws MmifError when the input is to blame. */
function refusal(body: Uint8Array, input: Uint8Array): Failure {
  readMmif(input);
  const text = textOf(body);
  const reason = withoutSchema(text.replace(INVALID_DATA, '')).slice(0, MAX_EXCERPT);
  return INVALID_DATA.test(text)
    ? {
        outcome: 'invalid-input',
        says: `says that its input, or its own output, is no valid MMIF: ${reason}`,
        message: reason,
      }
    : { outcome: 'app-error', says: `failed: ${reason}`, message: reason };
}

/** The error in a new view of the answer; throws MmifError when the input is to blame. */
function recordedError(body: Uint8Array, input: Uint8Array, identifier: string): Failure {
  const [error] = checkAnswer(input, body, identifier).errors;
  // A 500 with `{"message": "Internal Server Error"}` is often permanent: the SDK failed while it recorded the error.
  return error
    ? reportedError(error)
    : { outcome: 'app-error', says: 'failed without saying why (status 500)', message: 'status 500' };
}
