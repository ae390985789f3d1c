import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkAnswer } from '../check/check-answer.js';
import { appendViews } from '../write/edit-json.js';
import { APP, type LooseMmif, mmifArbitrary, newViews } from '../check/mmif-arbitrary.fixture.js';
import { MUTATIONS } from '../check/mutation.fixture.js';
import { type OpenedDocument, openWhole } from '../schema/opened-document.js';
import { REWRITINGS } from '../check/sdk-rewriting.fixture.js';
import { buildSourceMmif } from '../write/source-mmif.js';
import { damage, misshaping, spelling } from './json-text.fixture.js';
import { openLarge } from './open-large.js';

const bytes = (text: string) => new TextEncoder().encode(text);
/** Batch sizes from one annotation to a whole list. */
const batches = fc.constantFrom(1, 150, 400, 64 * 1024);

/** The report about an answer, or the sentence about the input. */
function judged(input: Uint8Array, output: Uint8Array, open: (document: Uint8Array) => OpenedDocument): unknown {
  try {
    return checkAnswer(input, output, APP, open);
  } catch (error) {
    return (error as Error).message;
  }
}

/** The results of both ways of opening documents. */
const both = (input: Uint8Array, output: Uint8Array, batchBytes: number) => ({
  inParts: judged(input, output, (document) => openLarge(document, batchBytes)),
  whole: judged(input, output, openWhole),
});

/** A document, and an answer to it that SDKs and mutations have changed. */
const exchange = mmifArbitrary
  .chain((given) =>
    fc.record({
      given: fc.constant(given),
      views: newViews(given.views.length),
      rewritings: fc.subarray(Object.keys(REWRITINGS)),
      mutations: fc.array(fc.tuple(fc.constantFrom(...Object.keys(MUTATIONS)), fc.nat()), { maxLength: 3 }),
    }),
  )
  .map(({ given, views, rewritings, mutations }) => {
    // With a duration, the times of annotations are read for the coverage.
    given.documents[0]!.properties['duration'] = 1000;
    const answer: LooseMmif = structuredClone(given);
    for (const name of rewritings) REWRITINGS[name]!(answer);
    answer.views.push(...structuredClone(views));
    for (const [name, choice] of mutations) if (answer.views.length > 0) MUTATIONS[name]!(answer, choice);
    return { given, answer };
  });
const spellings = fc.tuple(spelling, spelling);

describe('a document that is opened in parts', () => {
  it('is judged like one that is opened as a whole, in any spelling and with any change', () => {
    fc.assert(
      fc.property(exchange, spellings, batches, ({ given, answer }, [left, right], batch) => {
        const { inParts, whole } = both(bytes(left(given)), bytes(right(answer)), batch);
        expect(inParts).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });

  it('is judged alike when it is not MMIF or violates the schema', () => {
    const shapes = fc.tuple(
      fc.array(misshaping, { maxLength: 2 }),
      fc.array(misshaping, { minLength: 1, maxLength: 3 }),
    );
    const misshape = (value: unknown, all: readonly ((value: unknown) => unknown)[]) =>
      all.reduce((found, each) => each(found), value);
    fc.assert(
      fc.property(
        exchange,
        shapes,
        spellings,
        batches,
        ({ given, answer }, [ofGiven, ofAnswer], [left, right], batch) => {
          const input = bytes(left(misshape(given, ofGiven)));
          const { inParts, whole } = both(input, bytes(right(misshape(answer, ofAnswer))), batch);
          expect(inParts).toEqual(whole);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is judged alike when it is not valid JSON', () => {
    const damages = fc.tuple(fc.option(damage), damage);
    fc.assert(
      fc.property(
        exchange,
        damages,
        spellings,
        batches,
        ({ given, answer }, [ofGiven, ofAnswer], [left, right], batch) => {
          const input = bytes(left(given));
          const { inParts, whole } = both(ofGiven ? ofGiven(input) : input, ofAnswer(bytes(right(answer))), batch);
          expect(inParts).toEqual(whole);
        },
      ),
      { numRuns: 400 },
    );
  });

  const source = new TextDecoder().decode(buildSourceMmif({ kind: 'video', path: '/media/a.mp4' }));
  const TYPE = 'http://mmif.clams.ai/vocabulary/TimeFrame/v6';
  const view = (annotations: unknown) => ({ id: 'v_0', metadata: { app: APP, contains: {} }, annotations });
  const frames = (count: number, more: object = {}) =>
    Array.from({ length: count }, (_, index) => ({ '@type': TYPE, properties: { id: `tf_${index}` }, ...more }));
  const answer = appendViews(source, [view(frames(30))]);

  it('does not keep its annotations, but parses them on each access', () => {
    const { annotations } = openLarge(bytes(answer), 1).mmif.views[0]!;
    expect(Array.isArray(annotations)).toBe(false);
    expect([...annotations]).toEqual(frames(30));
    expect(annotations.at(7)).toEqual(frames(30)[7]);
    expect([...annotations][7]).not.toBe([...annotations][7]);
    expect(annotations.at(30)).toBeUndefined();
  });

  it('returns annotations in any order', () => {
    const { annotations } = openLarge(bytes(answer), 200).mmif.views[0]!;
    for (const index of [29, 0, 1, 2, 20, 3, 4, 28, 5]) expect(annotations.at(index)).toEqual(frames(30)[index]);
  });

  it.each([
    ['begins with a byte order mark', `\ufeff${answer}`],
    ['begins with two byte order marks', `\ufeff\ufeff${answer}`],
    ['has a byte order mark after a list', answer.replace('"annotations":[', '"x":[],"annotations":\ufeff[')],
    ['has its views twice', answer.replace('"views":', '"views":[{"annotations":[1]}],"views":')],
    ['has its views twice, the second time not a list', answer.replace(/}$/, ',"views":4}')],
    ['has annotations twice in a view', answer.replace('"annotations":', '"annotations":[7],"annotations":')],
    ['has a list in place of a view', answer.replace('"views":[', '"views":[[{"annotations":[{}]}],')],
    [
      'has a member with the name of a prototype',
      answer.replace('"annotations":', '"__proto__":{"id":1},"annotations":'),
    ],
    [
      'spells the names of lists with escapes',
      answer.replace('"views"', '"view\\u0073"').replace('"ann', '"\\u0061nn'),
    ],
    ['has more invalid annotations than are reported', appendViews(answer, [view(frames(50, { more: 1 }))])],
    ['has no list of annotations', appendViews(source, [view(null)])],
    ['has an empty list of annotations', appendViews(source, [view([])])],
    ['has a list of values that are not annotations', appendViews(source, [view([[1], 2])])],
    ['ends in an annotation', answer.slice(0, -40)],
    ['continues after its end', `${answer} {}`],
    ['is empty', ''],
    [
      'is nested deeper than any SDK reads',
      answer.replace('"tf_3"', `"tf_3","x":${'['.repeat(5000)}${']'.repeat(5000)}`),
    ],
    ['lacks half of a surrogate pair', answer.replace('"tf_3"', '"tf_\\ud83d"').replace('"tf_4"', '"\ud83d\ude00"')],
  ])('is judged alike when it %s', (_, text) => {
    const later = appendViews(answer, [{ ...view(frames(1)), id: 'v_1' }]);
    for (const batch of [1, 64 * 1024]) {
      for (const [input, output] of [
        [source, text],
        [text, later],
        [text, text],
      ] as const) {
        const { inParts, whole } = both(bytes(input), bytes(output), batch);
        expect(inParts).toEqual(whole);
      }
    }
  });
});
