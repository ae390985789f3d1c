import { describe, expect, it } from '@jest/globals';
import { indexForDisplay, readMmif } from '../index.js';

const OLD = 'http://mmif.clams.ai/vocabulary';
const VIDEO = { '@type': `${OLD}/VideoDocument/v1`, properties: { id: 'd1', location: 'file:///a.mp4' } };
const annotation = (type: string, id: string, properties: object) => ({
  '@type': `${OLD}/${type}`,
  properties: { id, ...properties },
});
const view = (id: string, app: string, annotations: object[], contains: object = {}) => ({
  id,
  metadata: { app, contains },
  annotations,
});
const index = (views: object[], documents: object[] = [VIDEO]) =>
  indexForDisplay(readMmif(JSON.stringify({ metadata: { mmif: 'http://mmif.clams.ai/1.0.5' }, documents, views })));
const frame = (id: string, start: number, end: number, label?: string) =>
  annotation('TimeFrame/v6', id, { start, end, label });

describe('the lanes', () => {
  it('are grouped by app and label, with apps in the order of their views and frames before points', () => {
    const { lanes } = index([
      view('v_0', 'shots', [
        annotation('TimePoint/v4', 'tp_1', { timePoint: 7, label: 'cut' }),
        frame('tf_2', 50, 90, 'slate'),
        frame('tf_1', 0, 50, 'slate'),
        frame('tf_3', 0, 20, 'bars'),
      ]),
      view('v_1', 'asr', [frame('v_1:tf_1', 5, 9)]),
      view('v_2', 'shots', [frame('v_2:tf_1', 20, 30, 'bars')]),
    ]);
    expect(lanes).toEqual([
      {
        app: 'shots',
        kind: 'frames',
        label: 'bars',
        items: [
          { id: 'v_0:tf_3', start: 0, end: 20 },
          { id: 'v_2:tf_1', start: 20, end: 30 },
        ],
      },
      {
        app: 'shots',
        kind: 'frames',
        label: 'slate',
        items: [
          { id: 'v_0:tf_1', start: 0, end: 50 },
          { id: 'v_0:tf_2', start: 50, end: 90 },
        ],
      },
      { app: 'shots', kind: 'points', label: 'cut', items: [{ id: 'v_0:tp_1', start: 7, end: 7 }] },
      { app: 'asr', kind: 'frames', label: null, items: [{ id: 'v_1:tf_1', start: 5, end: 9 }] },
    ]);
  });

  it('take labels from frameType and from the properties that a view states for all annotations', () => {
    const lane = (properties: object, shared: object = {}) =>
      index([view('v_0', 'a', [annotation('TimeFrame/v1', 'tf_1', properties)], { [`${OLD}/TimeFrame/v1`]: shared })])
        .lanes[0];
    expect(lane({ start: 1, end: 2, frameType: 'bars' })).toMatchObject({ label: 'bars' });
    expect(lane({ start: 1, end: 2 }, { label: 'slate', timeUnit: 'seconds' })).toMatchObject({
      label: 'slate',
      items: [{ start: 1000, end: 2000 }],
    });
  });

  it('place frames by their targets, given by short or long ids', () => {
    const points = [1, 2].map((number) => annotation('TimePoint/v4', `tp_${number}`, { timePoint: number * 100 }));
    const short = annotation('TimeFrame/v5', 'tf_1', { targets: ['tp_1', 'tp_2'], label: 'x' });
    const long = annotation('TimeFrame/v5', 'v_1:tf_1', { targets: ['v_0:tp_2', 'v_0:tp_1'], label: 'x' });
    const frames = index([view('v_0', 'a', [...points, short]), view('v_1', 'b', [long])]).lanes.filter(
      ({ kind }) => kind === 'frames',
    );
    expect(frames.map(({ items }) => items)).toEqual([
      [{ id: 'v_0:tf_1', start: 100, end: 200 }],
      [{ id: 'v_1:tf_1', start: 100, end: 200 }],
    ]);
  });

  it('place frames whose times count video frames, and count those without a known frame rate', () => {
    const counting = annotation('TimeFrame/v1', 'tf_1', { start: 25, end: 50, timeUnit: 'frames' });
    expect(index([view('v_0', 'a', [counting])])).toMatchObject({ lanes: [], unplaced: 1 });
    const rate = annotation('Annotation/v2', 'a_1', { fps: 25, duration: 60, durationTimeUnit: 'seconds' });
    expect(index([view('v_0', 'a', [counting, rate])])).toMatchObject({
      lanes: [{ items: [{ start: 1000, end: 2000 }] }],
      unplaced: 0,
      duration: 60_000,
    });
  });
});

describe('the texts and alignments', () => {
  const text = (id: string, value: string) => annotation('TextDocument/v1', id, { text: { '@value': value } });
  const align = (id: string, source: string, target: string) => annotation('Alignment/v1', id, { source, target });

  it('include source texts and added texts, each with its app', () => {
    const given = { '@type': `${OLD}/TextDocument/v1`, properties: { id: 'd2', location: 'file:///a.txt' } };
    const old = annotation('TextDocument/v1', 'td_1', { text_value: 'ATTENTION', text_language: 'en' });
    expect(index([view('v_0', 'ocr', [old])], [VIDEO, given]).texts).toEqual([
      { id: 'd2', app: null, text: null, location: 'file:///a.txt', span: null },
      { id: 'v_0:td_1', app: 'ocr', text: 'ATTENTION', location: null, span: null },
    ]);
  });

  it('take their times from the other side of an alignment, in either direction', () => {
    const point = annotation('TimePoint/v4', 'tp_1', { timePoint: 500 });
    const shown = index([
      view('v_0', 'shots', [point]),
      view('v_1', 'ocr', [text('td_1', 'a'), align('al_1', 'v_0:tp_1', 'td_1')]),
      view('v_2', 'ocr', [text('v_2:td_1', 'b'), align('v_2:al_1', 'v_2:td_1', 'v_0:tp_1')]),
      view('v_3', 'ocr', [text('td_1', 'c'), align('al_1', 'd1', 'td_1')]),
    ]);
    const span = { start: 500, end: 500 };
    expect(shown.texts.map((found) => [found.id, found.span])).toEqual([
      ['v_1:td_1', span],
      ['v_2:td_1', span],
      ['v_3:td_1', null],
    ]);
    expect(shown.alignments).toEqual([
      { id: 'v_1:al_1', source: 'v_0:tp_1', target: 'v_1:td_1', span },
      { id: 'v_2:al_1', source: 'v_2:td_1', target: 'v_0:tp_1', span },
      { id: 'v_3:al_1', source: 'd1', target: 'v_3:td_1', span: null },
    ]);
  });

  it('take their times from their words, but not from a text that was read from them', () => {
    const word = (id: string) => annotation('Token/v1', id, { start: 0, end: 2, document: 'v_0:td_1' });
    const spoken = [text('td_1', 'a b'), word('to_1'), word('to_2'), frame('tf_1', 100, 200), frame('tf_2', 200, 400)];
    const aligned = [align('al_1', 'tf_1', 'to_1'), align('al_2', 'to_2', 'tf_2'), align('al_3', 'd1', 'td_1')];
    expect(index([view('v_0', 'asr', [...spoken, ...aligned])]).texts[0]?.span).toEqual({ start: 100, end: 400 });
    const read = annotation('TextDocument/v1', 'td_2', { text: { '@value': 'x' }, document: 'td_1' });
    const seen = view('v_0', 'ocr', [text('td_1', 'a'), read, frame('tf_1', 1, 2), align('al_1', 'tf_1', 'td_2')]);
    expect(index([seen]).texts.map(({ span }) => span)).toEqual([null, { start: 1, end: 2 }]);
  });
});

describe('the index', () => {
  it('does not depend on the order of annotations in views', () => {
    const annotations = [3, 1, 2].map((number) => frame(`tf_${number}`, 10 - number, 20, number % 2 ? 'odd' : 'even'));
    const shown = index([view('v_0', 'a', annotations)]);
    expect(index([view('v_0', 'a', annotations.toReversed())])).toEqual(shown);
    expect(shown.lanes.map(({ label }) => label)).toEqual(['even', 'odd']);
  });

  it('is empty for a document without views', () => {
    expect(index([])).toEqual({ duration: null, lanes: [], unplaced: 0, texts: [], alignments: [] });
  });
});
