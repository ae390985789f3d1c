import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { appendViews, buildSourceMmif, checkAnswer } from '../index.js';
import { APP, type LooseMmif, mmifArbitrary, newViews } from './mmif-arbitrary.fixture.js';
import { MUTATIONS } from './mutation.fixture.js';
import { REWRITINGS, withDecimals } from './sdk-rewriting.fixture.js';

// Documents per property: a few by default, because each run checks a whole document; many in `npm run test:full`.
const FULL = process.env['CHOWDA_FULL_TESTS'] !== undefined;
const OLD = 'http://mmif.clams.ai/vocabulary';
const bytes = (text: string) => new TextEncoder().encode(text);
const source = new TextDecoder().decode(buildSourceMmif({ kind: 'video', path: '/media/a b.mp4' }));
const frame = (id: string, more: object = {}) => ({
  '@type': `${OLD}/TimeFrame/v6`,
  properties: { id, start: 0, end: 10, ...more },
});
const note = (id: string, more: object = { fps: 25 }) => ({
  '@type': `${OLD}/Annotation/v6`,
  properties: { id, ...more },
});
const view = (id: string, change: object = {}, annotations: object[] = [frame(`${id}:tf_1`)]) => ({
  id,
  metadata: { app: APP, contains: {}, ...change },
  annotations,
});
const failed = (id: string, message = 'boom') =>
  view(id, { error: { message, stackTrace: 'line 1' }, contains: undefined }, []);
const check = (input: string, output: string) => checkAnswer(bytes(input), bytes(output), APP);
const sentences = (input: string, output: string) => check(input, output).violations.join(' ');

describe('the report on an answer', () => {
  const first = appendViews(source, [view('v_0')]);

  it('counts the annotations of new views only', () => {
    const report = check(first, appendViews(first, [view('v_1', {}, [frame('v_1:tf_1'), frame('v_1:tf_2')])]));
    expect(report).toMatchObject({ violations: [], errors: [], counts: { TimeFrame: 2 }, empty: false, drift: null });
  });

  it('is empty when the answer only adds properties of the media', () => {
    const answer = appendViews(source, [view('v_0', {}, [note('v_0:a_1')])]);
    expect(check(source, answer)).toMatchObject({ violations: [], empty: true, counts: { Annotation: 1 } });
  });

  it('has the coverage of the new views, whatever earlier views cover', () => {
    const media = note('v_0:a_1', { duration: 1860, durationTimeUnit: 'seconds' });
    const given = appendViews(source, [view('v_0', {}, [frame('v_0:tf_1', { end: 1_860_000 }), media])]);
    const answer = appendViews(given, [view('v_1', {}, [frame('v_1:tf_1', { end: 300_000 })])]);
    expect(check(given, answer).coverage).toEqual({ covered: 300_000, of: 1_860_000 });
    expect(check(source, appendViews(source, [view('v_0')])).coverage).toBeNull();
  });

  it('has the running time of the first new view that states one', () => {
    const ran = (id: string, runningTime: string) => view(id, { appProfiling: { runningTime } });
    const given = appendViews(source, [ran('v_0', '0:00:01')]);
    expect(check(given, appendViews(given, [ran('v_1', '0:00:02'), ran('v_2', '0:00:03')]))).toMatchObject({
      runningSeconds: 2,
    });
    expect(check(given, appendViews(given, [view('v_1'), ran('v_2', '0:00:03')])).runningSeconds).toBe(3);
    expect(check(given, appendViews(given, [view('v_1')])).runningSeconds).toBeNull();
  });

  it('separates notices of the SDK from warnings of the app', () => {
    const warnings = ["{message : UserWarning('no sound'), category : 'UserWarning'}", 'DeprecationWarning: old'];
    const answer = appendViews(source, [view('v_0'), view('v_1', { contains: undefined, warnings }, [])]);
    expect(check(source, answer)).toMatchObject({ warnings: [warnings[0]], notices: [warnings[1]] });
  });

  it('accepts views signed by any version of the app, but not by another app', () => {
    const signed = (app: string) => check(source, appendViews(source, [view('v_0', { app })]));
    expect(signed('http://apps.clams.ai/shots/unresolvable')).toMatchObject({
      violations: [],
      drift: expect.stringContaining('unresolvable'),
    });
    expect(signed('http://apps.clams.ai/text/v1')).toMatchObject({
      violations: [expect.stringContaining('another app, http://apps.clams.ai/text/v1')],
      drift: null,
    });
  });
});

describe('an error in an answer', () => {
  it('counts when its view is new', () => {
    expect(check(source, appendViews(source, [failed('v_0')])).errors).toEqual([
      { message: 'boom', stackTrace: 'line 1' },
    ]);
  });

  it('does not count when it was there before', () => {
    const before = appendViews(source, [failed('v_0')]);
    expect(check(before, appendViews(before, [view('v_1')]))).toMatchObject({ violations: [], errors: [] });
  });

  it('counts when its view has the same id and message as before but another timestamp', () => {
    const at = (timestamp: string) =>
      view('v_0', { error: { message: 'boom', stackTrace: 'line 1' }, contains: undefined, timestamp }, []);
    const before = appendViews(source, [at('2026-01-01T00:00:00')]);
    expect(check(before, appendViews(source, [at('2026-01-01T00:00:05')])).errors).toHaveLength(1);
    expect(check(before, appendViews(before, [view('v_1')])).errors).toEqual([]);
  });

  it('counts when it overwrote an earlier view', () => {
    const report = check(appendViews(source, [view('v_0')]), appendViews(source, [failed('v_0')]));
    expect(report.errors).toHaveLength(1);
    expect(report.violations).toContain('The answer overwrote view v_0 with an error.');
  });
});

describe('checkAnswer', () => {
  const two = [frame('tf_1', { label: 'bars' }), frame('tf_2', { label: 'slate' })];
  const first = appendViews(source, [view('v_0', {}, two), view('v_1')]);
  const answer = (...views: object[]) => appendViews(source, [...views, view('v_2')]);

  it.each([
    ['a lost view', answer(view('v_1')), 'lost view v_0.'],
    ['another order of views', answer(view('v_1'), view('v_0', {}, two)), 'moved view v_1 before'],
    [
      'lost annotations',
      answer(view('v_0', {}, []), view('v_1')),
      'lost annotation v_0:tf_1 and 1 more of the earlier view v_0.',
    ],
    [
      'a changed value',
      answer(view('v_0', {}, [two[0]!, frame('tf_2', { label: 'credits' })]), view('v_1')),
      'changed label of annotation v_0:tf_2 of the earlier view v_0.',
    ],
    [
      'an added annotation',
      answer(view('v_0', {}, [...two, frame('tf_3')]), view('v_1')),
      'added annotation v_0:tf_3 to',
    ],
    ['another app', answer(view('v_0', { app: 'http://x.org/a' }, two), view('v_1')), 'changed the app of view v_0'],
    [
      'a changed time',
      answer(view('v_0', { timestamp: '2026-01-01T00:00:00' }, two), view('v_1')),
      'changed timestamp in the metadata of view v_0',
    ],
    ['an id used twice', appendViews(first, [view('v_2'), view('v_2')]), 'uses the id v_2 and 1 more twice'],
    [
      'an annotation id used twice',
      appendViews(first, [view('v_2', {}, [frame('v_0:tf_1')])]),
      'uses the id v_0:tf_1 twice',
    ],
    ['no new view', first, 'no new view'],
    [
      'a view that breaks the schema',
      appendViews(first, [view('v_2', { error: { message: 'no' } })]),
      'not valid MMIF: views[2].metadata: has contains and error',
    ],
  ])('rejects %s', (_, output, sentence) => expect(sentences(first, output)).toContain(sentence));

  it.each([
    ['a lost document', '"documents":[]', 'lost document d1.'],
    [
      'a changed document',
      source
        .match(/"documents":\[.*\]/)![0]
        .replace('a b', 'c')
        .split(',"views"')[0]!,
      'changed location of document d1.',
    ],
  ])('rejects %s', (_, documents, sentence) => {
    const output = `{"metadata":{"mmif":"http://mmif.clams.ai/1.0.5"},${documents},"views":[]}`;
    expect(sentences(source, appendViews(output, [view('v_0')]))).toContain(sentence);
  });

  it('rejects an answer that is not MMIF', () => {
    expect(sentences(source, 'hello')).toContain('The answer is not an MMIF document.');
  });

  it('rejects a value nested deeper than any SDK reads, without exhausting the stack', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const deep = `${open.repeat(50_000)}1${close.repeat(50_000)}`;
      const given = appendViews(source, [view('v_0')]).replace('"start":0', `"deep":${deep}`);
      expect(sentences(given, appendViews(given, [view('v_1')]))).toContain('changed deep of annotation v_0:tf_1');
    }
  });

  it('accepts faults that the input already had', () => {
    const broken = appendViews(source, [view('v_0', { error: { message: 'no' } }), view('v_1'), view('v_1')]);
    expect(sentences(broken, appendViews(broken, [view('v_2')]))).toBe('');
  });

  it('accepts another version of the format', () => {
    expect(sentences(source, appendViews(source.replace('1.0.5', '1.2.0'), [view('v_0')]))).toBe('');
  });
});

/** A document, the new views of its answer, and the rewritings that SDKs apply. */
const exchange = mmifArbitrary.chain((given) =>
  fc.record({
    given: fc.constant(given),
    views: newViews(given.views.length),
    rewritings: fc.subarray(Object.keys(REWRITINGS)),
    decimals: fc.boolean(),
  }),
);

function answerTo({
  given,
  views,
  rewritings,
}: {
  given: LooseMmif;
  views: object[];
  rewritings: string[];
}): LooseMmif {
  const answer = structuredClone(given);
  for (const name of rewritings) REWRITINGS[name]!(answer);
  answer.views.push(...(views as LooseMmif['views']));
  return answer;
}

describe('any document', () => {
  it('is accepted with any new views and any rewriting by genuine SDKs', () => {
    fc.assert(
      fc.property(exchange, (made) => {
        const spell = made.decimals ? withDecimals : JSON.stringify;
        expect(sentences(JSON.stringify(made.given), spell(answerTo(made)))).toBe('');
      }),
      { numRuns: FULL ? 1000 : 30 },
    );
  });

  it.each(Object.keys(MUTATIONS))('is rejected after one change: %s', (name) => {
    fc.assert(
      fc.property(exchange, fc.nat(), (made, choice) => {
        const answer = answerTo(made);
        fc.pre(MUTATIONS[name]!(answer, choice));
        expect(sentences(JSON.stringify(made.given), JSON.stringify(answer))).not.toBe('');
      }),
      { numRuns: FULL ? 100 : 4 },
    );
  });
});
