import { type AnswerReport, checkAnswer, MmifError } from '#libs/mmif';
import type { AppReply } from '../client/app-reply.js';
import type { CalledApp, Classification } from './classification.js';
import { readableWarning } from './error-class.js';
import { type Failure, failedStatus, reportedError, unreadableInput } from './failed-status.js';
import { fingerprintOf } from './fingerprint.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const NAMED_VIOLATIONS = 3;

/**
 * Classifies the reply to a call, given the document that was sent; never throws. `failedStatus` has the rules for
 * answers of the CLAMS SDK and of servers in front of it, `checkAnswer` those for MMIF.
 */
export function classifyAnswer(reply: AppReply, input: Uint8Array, app: CalledApp): Classification {
  switch (reply.kind) {
    case 'answer':
      return reply.status === 200 ? judge(reply.body, reply.contentType, input, app) : notOk(reply, input, app);
    case 'timeout':
      return failed(app, { outcome: 'timeout', phrase: `did not answer within ${period(reply.deadlineMs)}` });
    case 'no-connection':
      return failed(app, {
        outcome: 'unreachable',
        phrase: brokenConnection(reply.phase, reply.code),
        // A connection that closes later may have been closed by a crash on this file.
        ...(reply.phase === 'connect' ? { unreached: 'connection' } : {}),
      });
    case 'too-large':
      return failed(app, { outcome: 'invalid-output', phrase: `answered with more than ${reply.bytes} bytes` });
    case 'unsendable':
      return failed(app, { outcome: 'invalid-input', phrase: `was not called. ${reply.sentence}` });
  }
}

function judge(body: Uint8Array, contentType: string, input: Uint8Array, app: CalledApp): Classification {
  if (contentType === 'text/html') {
    return failed(
      app,
      { outcome: 'invalid-output', phrase: 'answered with a web page instead of MMIF; check its address' },
      200,
    );
  }
  let report: AnswerReport;
  try {
    report = checkAnswer(input, body, app.identifier);
  } catch (error) {
    if (!(error instanceof MmifError)) throw error;
    return failed(app, unreadableInput(error), 200);
  }
  const [error] = report.errors;
  if (error) return failed(app, reportedError(error), 200);
  if (report.violations.length > 0) return failed(app, invalidOutput(report.violations), 200);
  return succeeded(report, app);
}

function succeeded(report: AnswerReport, { name }: CalledApp): Classification {
  const { counts, empty, notices, coverage, runningSeconds, drift } = report;
  const warnings = report.warnings.map(readableWarning);
  const outcome = empty ? 'empty' : warnings.length > 0 ? 'ok-with-warnings' : 'ok';
  const found = empty ? 'found nothing' : `found ${listed(counts)}`;
  const warning = warnings.length === 0 ? '' : `; warning: ${warnings[0]}`;
  return {
    outcome,
    success: true,
    sentence: `${name} ${found}${warning}${/[.!?]$/.test(warning) ? '' : '.'}`,
    fingerprint: null,
    trace: null,
    httpStatus: 200,
    retryAfter: null,
    unreached: null,
    counts,
    warnings,
    notices: drift === null ? notices : [...notices, drift],
    coverage,
    runningSeconds,
  };
}

const notOk = (reply: AppReply & { kind: 'answer' }, input: Uint8Array, app: CalledApp): Classification =>
  failed(app, failedStatus(reply, input, app.identifier), reply.status, reply.retryAfter);

function failed(
  { name }: CalledApp,
  { outcome, phrase, message = phrase, trace, unreached }: Failure,
  httpStatus: number | null = null,
  retryAfter: number | null = null,
): Classification {
  return {
    outcome,
    success: false,
    sentence: `${name} ${phrase}${/[.!?…]$/.test(phrase) ? '' : '.'}`,
    fingerprint: fingerprintOf(name, outcome, message),
    trace: trace || null,
    httpStatus,
    retryAfter,
    unreached: unreached ?? null,
    counts: {},
    warnings: [],
    notices: [],
    coverage: null,
    runningSeconds: null,
  };
}

function invalidOutput(violations: readonly string[]): Failure {
  const more = violations.length - NAMED_VIOLATIONS;
  const others = more > 0 ? ` (and ${more} more)` : '';
  const named = violations.slice(0, NAMED_VIOLATIONS).join(' ');
  return {
    outcome: 'invalid-output',
    phrase: `returned an invalid response: ${named}${others}`,
    message: violations[0]!,
  };
}

function brokenConnection(phase: string, code: string): string {
  switch (phase) {
    case 'connect':
      return code === 'ENOTFOUND' || code === 'EAI_AGAIN'
        ? `cannot be found: its host name is unknown (${code})`
        : `cannot be reached: no server answers at its address (${code})`;
    case 'during-answer':
      return `closed the connection in the middle of its answer (${code})`;
    default:
      return `closed the connection before it answered (${code}); it may have crashed or run out of memory`;
  }
}

function period(milliseconds: number): string {
  if (milliseconds < 2 * MINUTE) return `${Math.round(milliseconds / SECOND)} s`;
  return `${Math.round(milliseconds / MINUTE)} min`;
}

const listed = (counts: AnswerReport['counts']): string =>
  Object.entries(counts)
    .map(([type, count]) => `${count} ${type}`)
    .join(', ');
