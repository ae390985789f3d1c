import { describe, expect, it } from '@jest/globals';
import { appendViews, buildSourceMmif } from '#libs/mmif';
import type { AppReply } from '../client/app-reply.js';
import { classifyAnswer } from './classify-answer.js';

const APP = { name: 'shots_v1', identifier: 'http://apps.clams.ai/shots/v1' };
const TYPE = 'http://mmif.clams.ai/vocabulary/TimeFrame/v6';
const input = buildSourceMmif({ kind: 'video', path: '/media/cpb-aacip-1.mp4' });
const source = new TextDecoder().decode(input);
const bytes = (text: string) => new TextEncoder().encode(text);
const view = (id: string, metadata: object = { contains: { [TYPE]: {} } }, annotations: object[] = [frame(id)]) => ({
  id,
  metadata: { app: APP.identifier, ...metadata },
  annotations,
});
const frame = (id: string) => ({ '@type': TYPE, properties: { id: `${id}:tf_1`, start: 0, end: 9 } });
const error = (message: string) => view('v_0', { error: { message, stackTrace: 'File "app.py", line 3' } }, []);
const warning = (...warnings: string[]) => view('v_1', { warnings }, []);

/** A Python warning; `text` in quotes, as Python writes it. */
const pythonWarning = (category: string, text: string) =>
  `{message : ${category}(${text}), category : '${category}', filename : '/app/app.py', lineno : 3, line : None}`;

const answer = (
  body: string,
  { status = 200, contentType = 'application/json', retryAfter = null as number | null } = {},
): AppReply => ({
  kind: 'answer',
  status,
  contentType,
  retryAfter,
  body: bytes(body),
});
const mmif = (...views: object[]) => answer(appendViews(source, views));
const mmif500 = (...views: object[]) => answer(appendViews(source, views), { status: 500 });
const text500 = (text: string) => answer(text, { status: 500, contentType: 'text/plain' });
const html = (status: number) =>
  answer('<html><body><h1>Bad Gateway</h1></body></html>', { status, contentType: 'text/html' });
const broken = (phase: 'connect' | 'before-answer' | 'during-answer', code: string): AppReply => ({
  kind: 'no-connection',
  phase,
  code,
});

/** Every reply of an app or of a server in front of it, with its outcome and the sentence that the user reads. */
const TABLE: readonly (readonly [situation: string, reply: AppReply, outcome: string, sentence: string])[] = [
  ['a new view with annotations', mmif(view('v_0')), 'ok', 'shots_v1 found 1 TimeFrame.'],
  [
    'a warning of the app beside it',
    mmif(view('v_0'), warning('UserWarning: no sound')),
    'ok-with-warnings',
    'warning: UserWarning: no sound',
  ],
  [
    'a warning as the SDK writes it',
    mmif(view('v_0'), warning(pythonWarning('UserWarning', "'no sound in \\'a\\''"))),
    'ok-with-warnings',
    "shots_v1 found 1 TimeFrame; warning: no sound in 'a'.",
  ],
  [
    'a notice of the SDK beside it',
    mmif(view('v_0'), warning(pythonWarning('UserWarning', "'version difference detected: v1&v2@VideoDocument'"))),
    'ok',
    'shots_v1 found 1 TimeFrame.',
  ],
  ['a new view without annotations', mmif(view('v_0', undefined, [])), 'empty', 'found nothing'],
  [
    'what SDK 1.8 adds when an app found nothing',
    mmif(warning(pythonWarning('EmptyOutputWarning', `'App "${APP.identifier}" produced no annotations'`))),
    'empty',
    'shots_v1 found nothing.',
  ],
  [
    'warnings and nothing else',
    mmif(warning('No TimePoint annotations found')),
    'empty',
    'No TimePoint annotations found',
  ],
  [
    '200 with an error view',
    mmif(error("<class 'ValueError'>: no frames")),
    'app-error',
    'failed: ValueError: no frames',
  ],
  [
    '200 with an error view and a violation',
    answer(
      appendViews('{"metadata":{"mmif":"http://mmif.clams.ai/1.0.5"},"documents":[],"views":[]}', [
        error("<class 'ValueError'>: no frames"),
      ]),
    ),
    'app-error',
    'failed: ValueError: no frames',
  ],
  [
    '500 with an error view',
    mmif500(error("<class 'ValueError'>: no frames")),
    'app-error',
    'failed: ValueError: no frames',
  ],
  ['500 for a missing file', mmif500(error("<class 'FileNotFoundError'>: /m/a.mp4")), 'media-missing', '/m/a.mp4'],
  [
    '500 for a missing file, in the wording of Node',
    mmif500(error("<class 'Error'>: ENOENT: no such file or directory, open '/m/a.mp4'")),
    'media-missing',
    '/m/a.mp4',
  ],
  [
    '500 for exhausted memory',
    mmif500(error("<class 'torch.OutOfMemoryError'>: CUDA out of memory")),
    'out-of-memory',
    'CUDA',
  ],
  [
    '500 with only a message',
    answer('{"message": "Internal Server Error"}', { status: 500 }),
    'app-error',
    'without an error message',
  ],
  [
    '500 text/plain for invalid data',
    text500('Invalid input data. See below for validation error.\n\nExpecting value'),
    'invalid-input',
    'Expecting value',
  ],
  [
    '500 text/plain with the schema after the reason, as old SDKs write it',
    text500(
      `Invalid input data. See below for validation error.\n\n[] is not of type 'object'\n\nFailed validating {}`,
    ),
    'invalid-input',
    "valid MMIF: [] is not of type 'object'.",
  ],
  [
    '500 with the schema after the message of an error view',
    mmif500(
      error("<class 'jsonschema.exceptions.ValidationError'>: 3 is not of type 'string'\n\nFailed validating {}"),
    ),
    'app-error',
    "failed: jsonschema.exceptions.ValidationError: 3 is not of type 'string'.",
  ],
  ['500 text/plain with something else', text500('Traceback: boom'), 'app-error', 'Traceback: boom'],
  ['500 without a new error view', mmif500(), 'app-error', 'without an error message'],
  ['an answer that is not JSON', answer('{"metadata": \u0000'), 'invalid-output', 'not an MMIF document'],
  [
    'an answer cut off in the middle',
    answer(appendViews(source, [view('v_0')]).slice(0, -9)),
    'invalid-output',
    'not an MMIF document',
  ],
  ['an answer without a new view', mmif(), 'invalid-output', 'no new view'],
  [
    'an answer that lost the document',
    answer(appendViews('{"metadata":{"mmif":"http://mmif.clams.ai/1.0.5"},"documents":[],"views":[]}', [view('v_0')])),
    'invalid-output',
    'lost document d1',
  ],
  ['a web page with status 200', html(200), 'invalid-output', 'web page'],
  [
    '400 for a request line too long',
    answer('<h1>Bad Request</h1>Request Line is too large', { status: 400, contentType: 'text/html' }),
    'invalid-input',
    'Request Line is too large',
  ],
  ['404', html(404), 'unreachable', 'was not found at its address'],
  ['405', answer('{"message":"x"}', { status: 405 }), 'unreachable', 'was not found at its address'],
  ['401', answer('', { status: 401 }), 'unreachable', 'denied access'],
  ['413 of a proxy', html(413), 'invalid-input', 'too large'],
  ['422', answer('{"detail":"no"}', { status: 422 }), 'invalid-input', 'status 422'],
  ['429', answer('', { status: 429, retryAfter: 7 }), 'unreachable', 'received too many requests'],
  ['503', html(503), 'unreachable', 'busy'],
  ['502 of a proxy', html(502), 'unreachable', 'Bad Gateway'],
  ['500 with a web page', html(500), 'unreachable', 'server in front'],
  ['301', html(301), 'unreachable', 'status 301'],
  [
    '201 with a new view',
    answer(appendViews(source, [view('v_0')]), { status: 201 }),
    'unreachable',
    'a server in front of it answered with status 201',
  ],
  ['no connection', broken('connect', 'ECONNREFUSED'), 'unreachable', 'no server answers at its address'],
  [
    'a host name that cannot be resolved now',
    broken('connect', 'EAI_AGAIN'),
    'unreachable',
    'its host name is unknown',
  ],
  ['an unknown host', broken('connect', 'ENOTFOUND'), 'unreachable', 'its host name is unknown'],
  [
    'a connection closed before the answer',
    broken('before-answer', 'UND_ERR_SOCKET'),
    'unreachable',
    'before it answered',
  ],
  ['a connection closed in the answer', broken('during-answer', 'ECONNRESET'), 'unreachable', 'middle of its answer'],
  ['no answer within the deadline', { kind: 'timeout', deadlineMs: 3_600_000 }, 'timeout', 'within 60 min'],
  ['an answer without end', { kind: 'too-large', bytes: 1024 }, 'invalid-output', 'more than 1024 bytes'],
  [
    'parameters that cannot be sent',
    { kind: 'unsendable', sentence: 'Shorten them.' },
    'invalid-input',
    'was not called. Shorten them.',
  ],
];

describe('classifyAnswer', () => {
  it.each(TABLE)('classifies %s', (_, reply, outcome, sentence) => {
    const classified = classifyAnswer(reply, input, APP);
    expect(classified).toMatchObject({ outcome, sentence: expect.stringContaining(sentence) });
    expect(classified.success).toBe(['ok', 'ok-with-warnings', 'empty'].includes(outcome));
    expect(classified.fingerprint === null).toBe(classified.success);
  });

  it('returns the trace, the status and a fingerprint for a failure', () => {
    const failed = classifyAnswer(mmif500(error("<class 'ValueError'>: at 0:00:05 of /m/cpb-aacip-1.mp4")), input, APP);
    expect(failed).toMatchObject({ trace: 'File "app.py", line 3', httpStatus: 500, counts: {} });
    expect(failed.fingerprint).toBe('shots_v1|app-error|ValueError: at <time> of <path>');
  });

  it.each([
    [1, 1, ''],
    [3, 3, ''],
    [4, 3, ' (and 1 more)'],
    [5, 3, ' (and 2 more)'],
  ])('names at most three violations: of %i it names %i%s', (lost, named, others) => {
    const documents = Array.from({ length: lost }, (_, index) => ({
      '@type': 'http://mmif.clams.ai/vocabulary/VideoDocument/v1',
      properties: { id: `d${index + 1}` },
    }));
    const given = (list: object[]) =>
      JSON.stringify({ metadata: { mmif: 'http://mmif.clams.ai/1.0.5' }, documents: list, views: [] });
    const lostAll = answer(appendViews(given([]), [view('v_0')]));
    const sentences = documents.slice(0, named).map(({ properties: { id } }) => `The answer lost document ${id}.`);
    const ending = others === '' ? '' : `${others}.`;
    expect(classifyAnswer(lostAll, bytes(given(documents)), APP)).toMatchObject({
      outcome: 'invalid-output',
      sentence: `shots_v1 returned an invalid response: ${sentences.join(' ')}${ending}`,
      fingerprint: 'shots_v1|invalid-output|The answer lost document d<n>.',
    });
  });

  it('returns the time after which the app asks to be called again', () => {
    expect(classifyAnswer(answer('', { status: 429, retryAfter: 7 }), input, APP).retryAfter).toBe(7);
  });

  it.each([
    ['a refused connection', broken('connect', 'ECONNREFUSED'), 'connection'],
    ['503', html(503), 'busy'],
    ['429, which rejects a call', answer('', { status: 429 }), null],
    ['a connection closed before the answer', broken('before-answer', 'UND_ERR_SOCKET'), null],
    ['502 of a proxy', html(502), null],
    ['a success', mmif(view('v_0')), null],
  ])('reports whether the app accepted the call: %s', (_, reply, unreached) => {
    expect(classifyAnswer(reply, input, APP).unreached).toBe(unreached);
  });

  it('ignores an error that the input already had', () => {
    const before = appendViews(source, [error('old')]);
    const after = appendViews(before, [view('v_1')]);
    expect(classifyAnswer(answer(after), bytes(before), APP)).toMatchObject({
      outcome: 'ok',
      counts: { TimeFrame: 1 },
    });
  });

  it.each([
    ['a success', mmif(view('v_0'))],
    ['a rejection', text500('Invalid input data. See below for validation error.\n\nExpecting value')],
    ['a failure of an old SDK', answer('{"message": "Internal Server Error"}', { status: 500 })],
  ])('blames a document that is not MMIF, whatever the app answers: %s', (_, reply) => {
    expect(classifyAnswer(reply, bytes('hello'), APP)).toMatchObject({
      outcome: 'invalid-input',
      sentence: expect.stringContaining('received a document that is not MMIF: The text is not valid JSON'),
    });
  });

  it('has the status of the response that it classified', () => {
    const statusOf = (reply: AppReply, document = input) => classifyAnswer(reply, document, APP).httpStatus;
    for (const reply of [mmif(view('v_0')), mmif(error('boom')), mmif(), html(200)]) expect(statusOf(reply)).toBe(200);
    expect(statusOf(mmif(view('v_0')), bytes('hello'))).toBe(200);
  });

  it.each([
    ['no sound', 'warning: no sound.'],
    ['no sound!', 'warning: no sound!'],
    ['no sound. Check', 'warning: no sound. Check.'],
  ])('ends the sentence about the warning %j with one mark', (text, end) => {
    const { sentence } = classifyAnswer(mmif(view('v_0'), warning(text)), input, APP);
    expect(sentence.slice(sentence.indexOf('warning'))).toBe(end);
  });

  it.each([
    [1_400, 'within 1 s'],
    [119_000, 'within 119 s'],
    [120_000, 'within 2 min'],
  ])('states a deadline of %d ms as %j', (deadlineMs, period) => {
    expect(classifyAnswer({ kind: 'timeout', deadlineMs }, input, APP).sentence).toContain(period);
  });

  it('separates notices of the SDK from warnings of the app, and shortens warnings to their text', () => {
    const notice = pythonWarning('DeprecationWarning', "'old code'");
    const asWritten = pythonWarning('UserWarning', "'no sound'");
    expect(classifyAnswer(mmif(view('v_0'), warning(notice, asWritten)), input, APP)).toMatchObject({
      warnings: ['no sound'],
      notices: [notice],
    });
  });
});
