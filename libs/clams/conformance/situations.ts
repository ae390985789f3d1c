import type { AnswerOutcome, ParameterValues } from '../src/index.js';
import type { AppUnderTest, Exchange } from './app-under-test.js';
import { bodyOf } from './app-under-test.js';
import { bytes, newVocabularyDocument, sourceDocument, textOf } from './documents.js';
import { type Generation, GENERATIONS } from './generations.js';

/** The expected outcome of a call, and a part of its sentence. */
export interface Expectation {
  readonly outcome: AnswerOutcome;
  readonly sentence: string;
}

/** A call of an app with its expected result; the exchange can be recorded and classified again without the app. */
export interface Situation {
  readonly name: string;
  /** The document to send, or the parameters of an earlier call whose answer is sent. */
  readonly input: Uint8Array | ParameterValues;
  exchange(app: AppUnderTest, input: Uint8Array): Promise<Exchange>;
  /** Null when the situation does not occur in a generation. */
  expected(generation: Generation): Expectation | null;
}

type Expected = Expectation | ((generation: Generation) => Expectation | null);

const outcome = (name: AnswerOutcome, sentence = ''): Expectation => ({ outcome: name, sentence });
const isNewest = ({ takesEnvelopes }: Generation): boolean => takesEnvelopes;
const isOldest = (generation: Generation): boolean => generation.name === GENERATIONS['1.0.9'].name;
const onPython = (expectation: Expected) => (generation: Generation) =>
  generation.isPython ? resolve(expectation, generation) : null;
const resolve = (expected: Expected, generation: Generation): Expectation | null =>
  typeof expected === 'function' ? expected(generation) : expected;

const situation = (
  name: string,
  parameters: ParameterValues,
  expected: Expected,
  {
    input = sourceDocument,
    exchange = (app, document) => app.call(parameters, { input: document }),
  }: Partial<Pick<Situation, 'input' | 'exchange'>> = {},
): Situation => ({ name, input, exchange, expected: (generation) => resolve(expected, generation) });

const raw =
  (method: string, path: string): Situation['exchange'] =>
  (app, input) =>
    app.send(method, path, input);

const DOCUMENT_ID_OF_A_VIEW = bytes(textOf(sourceDocument).replace('"d1"', '"v_0"'));
const LONG = 'x'.repeat(5000);
const UNEXPLAINED = outcome('app-error', 'failed without an error message (status 500)');

const SUCCESSES: readonly Situation[] = [
  situation('annotations', { count: 2 }, outcome('ok', 'found 2 TimeFrame.')),
  situation('two views', { what: 'two views' }, onPython(outcome('ok', 'found 3 TimeFrame.'))),
  situation(
    'several values, a map and an unknown parameter',
    { labels: ['A', 'B'], names: { X: 'y' }, unknown: 1 },
    ({ hasMaps }) =>
      outcome('ok-with-warnings', hasMaps ? 'An undefined parameter "unknown"' : 'An undefined parameter'),
  ),
  situation('a warning', { what: 'warn' }, outcome('ok-with-warnings', 'found 1 TimeFrame; warning: careful.')),
  situation('a warning of old code', { what: 'warn of old code' }, onPython(outcome('ok', 'found 1 TimeFrame.'))),
  situation(
    'only a warning',
    { what: 'only warn' },
    outcome('empty', 'found nothing; warning: No TimePoint annotations found.'),
  ),
  situation('an empty view', { what: 'empty' }, outcome('empty', 'found nothing.')),
  // SDK 1.8 adds a view with a warning; before, nothing in the answer shows that the app has run at all.
  situation(
    'no view',
    { what: 'nothing' },
    onPython((generation) =>
      isNewest(generation) ? outcome('empty', 'found nothing.') : outcome('invalid-output', 'has no new view'),
    ),
  ),
  situation('only the frame rate', { what: 'frame rate' }, outcome('empty', 'found nothing.')),
  situation(
    'the new vocabulary',
    {},
    ({ vocabulary, isPython }) =>
      vocabulary === 'old' && isPython ? outcome('empty', 'found nothing.') : outcome('ok', 'found 1 TimeFrame.'),
    { input: newVocabularyDocument },
  ),
  situation('PUT', {}, outcome('ok', 'found 1 TimeFrame.'), { exchange: raw('PUT', '/?needed=3') }),
  situation('an envelope', { label: LONG }, (generation) =>
    generation.takesEnvelopes
      ? outcome('ok', 'found 1 TimeFrame.')
      : outcome('invalid-input', 'was not called. The parameters take'),
  ),
  situation('a second run of the same app', {}, outcome('ok', 'found 1 TimeFrame.'), { input: { count: 2 } }),
];

const FAILURES: readonly Situation[] = [
  situation(
    'an exception',
    { what: 'fail' },
    outcome('app-error', 'failed: ValueError: no bars in cpb-aacip-1: größer.'),
  ),
  situation(
    'an exception in the second run of the same app',
    { what: 'fail' },
    outcome('app-error', 'failed: ValueError: no bars in cpb-aacip-1: größer.'),
    { input: { count: 2 } },
  ),
  situation('a missing file', { what: 'open missing' }, outcome('media-missing', '/nowhere/cpb-aacip-1.mp4')),
  situation('exhausted memory', { what: 'exhaust' }, outcome('out-of-memory', 'cannot hold the model')),
  situation('an invalid choice', { mode: 'z' }, outcome('app-error', "must be one of ['a', 'b']")),
  situation('a choice of a parameter with several values', { modes: ['a'] }, ({ isPython }) =>
    isPython ? outcome('app-error', "must be one of ['a', 'b']") : outcome('ok', 'found 1 TimeFrame.'),
  ),
  situation('an invalid integer', { count: 'many' }, (generation) => {
    if (isOldest(generation)) return UNEXPLAINED;
    return outcome('app-error', generation.isPython ? 'invalid literal for int()' : 'takes an integer');
  }),
  situation('a missing required parameter', {}, outcome('app-error', 'required parameter "needed"'), {
    exchange: (app, input) => app.call({}, { input, isAll: true }),
  }),
  situation(
    'an output that is not valid MMIF',
    { what: 'invalid output' },
    onPython((generation) => {
      if (isOldest(generation)) return outcome('invalid-output', 'has contains and warnings');
      return isNewest(generation)
        ? outcome('invalid-input', 'or its own output, is not valid MMIF')
        : outcome('app-error', 'ValidationError');
    }),
  ),
  situation('a lost document', { what: 'drop document' }, onPython(outcome('invalid-output', 'lost document d1'))),
  situation('a killed worker', { what: 'kill worker' }, onPython(outcome('unreachable', 'may have crashed'))),
  situation('a worker that ends', { what: 'end worker' }, onPython(outcome('unreachable', 'may have crashed'))),
];

const REFUSALS: readonly Situation[] = [
  situation('an input that is not JSON', {}, outcome('invalid-input', 'not valid JSON'), { input: bytes('hello') }),
  situation('an input that is not MMIF', {}, outcome('invalid-input'), { input: bytes('{"a":1}') }),
  situation('an input that is not UTF-8', {}, outcome('invalid-input', 'not valid JSON'), {
    input: Uint8Array.of(0x7b, 0xe4, 0x7d),
  }),
  situation(
    'a document with the id of a view',
    {},
    (generation) => {
      if (!generation.isPython) return outcome('ok', 'found 1 TimeFrame.');
      return isOldest(generation) ? outcome('invalid-output', 'v_0') : UNEXPLAINED;
    },
    { input: DOCUMENT_ID_OF_A_VIEW },
  ),
  situation(
    'an unsupported envelope',
    { label: LONG },
    (generation) =>
      generation.takesEnvelopes ? null : outcome('invalid-input', "('mmif', 'parameters' were unexpected)."),
    { exchange: (app, input) => app.call({ label: LONG }, { input, mmifVersion: '1.2.0' }) },
  ),
  situation('a long query', {}, onPython(outcome('invalid-input', 'Request Line is too large')), {
    exchange: raw('POST', `/?needed=3&label=${LONG}`),
  }),
  situation('another path', {}, outcome('unreachable', 'status 404'), { exchange: raw('GET', '/foo') }),
  situation('another method', {}, outcome('unreachable', 'status 405'), { exchange: raw('DELETE', '/') }),
];

/** All situations. */
export const SITUATIONS: readonly Situation[] = [...SUCCESSES, ...FAILURES, ...REFUSALS];

/** The document to send in a situation; makes the earlier call if there is one. */
export async function inputOf({ input }: Situation, app: AppUnderTest): Promise<Uint8Array> {
  return input instanceof Uint8Array ? input : bodyOf(await app.call(input));
}
