import { describe, expect, it } from '@jest/globals';
import type { Annotation } from '#libs/mmif';
import { errorReport } from './errors.js';
import { longIds } from './long-ids.js';
import { pythonList, timedeltaText } from './python-text.js';
import { shareProperties } from './shared-properties.js';

const annotation = (id: string, properties: object = {}, type = 'TimeFrame'): Annotation => ({
  '@type': `http://mmif.clams.ai/vocabulary/${type}/v1`,
  properties: { id, ...properties },
});
const input = { metadata: { mmif: 'x' }, documents: [annotation('d1', {}, 'VideoDocument')], views: [] };
const properties = (annotations: readonly Annotation[]) => annotations.map((one) => one.properties);

describe('the ids of a new view', () => {
  it('are written in long form, also in references', () => {
    const written = longIds(
      'v_2',
      [
        annotation('tp_1', { timePoint: 500, document: 'd1' }),
        annotation('tf_1', { targets: ['tp_1'], representatives: ['tp_1'] }),
        annotation('td_1', { text: { '@value': 'tp_1' } }),
        annotation('al_1', { source: 'tp_1', target: 'td_1' }),
        annotation('bb_1', { timePoint: 'tp_1', label: 'tp_1' }),
        annotation('s_1', { document: 'td_1' }),
      ],
      input,
    );
    expect(properties(written)).toEqual([
      { id: 'v_2:tp_1', timePoint: 500, document: 'd1' },
      { id: 'v_2:tf_1', targets: ['v_2:tp_1'], representatives: ['v_2:tp_1'] },
      { id: 'v_2:td_1', text: { '@value': 'tp_1' } },
      { id: 'v_2:al_1', source: 'v_2:tp_1', target: 'v_2:td_1' },
      { id: 'v_2:bb_1', timePoint: 'v_2:tp_1', label: 'tp_1' },
      { id: 'v_2:s_1', document: 'v_2:td_1' },
    ]);
  });

  it('are distinguished from those of other views and of a document', () => {
    const written = longIds('v_2', [annotation('d1', { document: 'd1', targets: ['v_0:tf_1', 'tf_9'] })], input);
    expect(properties(written)).toEqual([{ id: 'v_2:d1', document: 'd1', targets: ['v_0:tf_1', 'tf_9'] }]);
  });

  it.each([['v_2:tf_1'], [''], [7 as unknown as string]])('may not be %j', (id) => {
    expect(() => longIds('v_2', [annotation(id)], input)).toThrow('Use a string without a colon, such as tf_1');
  });
});

describe('the shared properties of a view', () => {
  const both = { document: 'd1', timeUnit: 'seconds', label: 'bars' };

  it('are the document and the time unit that all annotations of a type share', () => {
    const shared = shareProperties([
      annotation('a', both),
      annotation('b', both),
      annotation('c', { document: 'd1' }, 'Sentence'),
      annotation('d', { document: 'd2' }, 'Sentence'),
    ]);
    expect(Object.values(shared.contains)).toEqual([{ document: 'd1', timeUnit: 'seconds' }, {}]);
    expect(properties(shared.annotations)).toEqual([
      { id: 'a', label: 'bars' },
      { id: 'b', label: 'bars' },
      { id: 'c', document: 'd1' },
      { id: 'd', document: 'd2' },
    ]);
  });

  it('are empty for a single annotation, and for properties that only some annotations have', () => {
    const shared = shareProperties([
      annotation('a', both),
      annotation('b', {}, 'Sentence'),
      annotation('c', both, 'Sentence'),
    ]);
    expect(Object.values(shared.contains)).toEqual([{}, {}]);
    expect(shared.annotations[0]?.properties).toEqual({ ...both, id: 'a' });
  });
});

describe('an error in a view', () => {
  class UpsideDownError extends Error {}

  it('has its class, its stack trace and its cause', () => {
    const cause = new TypeError('no pictures');
    const { message, stackTrace } = errorReport(new UpsideDownError('turn it\nround', { cause }));
    expect(message).toBe("<class 'UpsideDownError'>: turn it\nround");
    expect(stackTrace).toMatch(/^ +at .*new-view\.spec/);
    expect(stackTrace).toContain('\nCaused by: TypeError: no pictures\n    at ');
    expect(stackTrace).not.toContain('turn it');
  });

  it('may be any thrown value', () => {
    expect(errorReport('no disk')).toEqual({ message: "<class 'Error'>: no disk", stackTrace: '' });
    expect(errorReport(undefined).message).toBe("<class 'Error'>: undefined");
    expect(errorReport(new Error('x', { cause: 'y' })).stackTrace).toContain('Caused by: y');
  });
});

describe('Python text', () => {
  it.each([
    [[], '[]'],
    [['a', 'b'], "['a', 'b']"],
    [["it's"], `["it's"]`],
    [[`"it's"`], `['"it\\'s"']`],
    [['a\\b\n\t\r'], "['a\\\\b\\n\\t\\r']"],
    [['Č🎬'], "['Č🎬']"],
  ])('represents a list of strings: %j', (texts, written) => expect(pythonList(texts)).toBe(written));

  it.each([
    [5466.913, '0:00:05.466913'],
    [0.0004, '0:00:00'],
    [61_000, '0:01:01'],
    [7_384_000, '2:03:04'],
    [86_400_000 + 7_384_000, '1 day, 2:03:04'],
    [200_000_000_000.5, '2314 days, 19:33:20.000500'],
  ])('represents a duration: %d ms', (milliseconds, written) => expect(timedeltaText(milliseconds)).toBe(written));
});
