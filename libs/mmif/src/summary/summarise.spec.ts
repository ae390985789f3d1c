import { describe, expect, it } from '@jest/globals';
import { readMmif } from '../model/read-mmif.js';
import { summarise } from './summarise.js';

const OLD = 'http://mmif.clams.ai/vocabulary';
const APP = 'http://apps.clams.ai/shots/v1';
const VIDEO = {
  '@type': `${OLD}/VideoDocument/v1`,
  properties: { id: 'd1', mime: 'video', location: 'file:///a.mp4' },
};
const annotation = (type: string, properties: object, id = 'x_1') => ({
  '@type': `${OLD}/${type}`,
  properties: { id, ...properties },
});
const view = (id: string, annotations: object[], metadata: object = {}) => ({
  id,
  metadata: { app: APP, contains: {}, ...metadata },
  annotations,
});
const summary = (views: object[], documents: object[] = [VIDEO]) =>
  summarise(readMmif(JSON.stringify({ metadata: { mmif: 'http://mmif.clams.ai/1.0.5' }, documents, views })));
const contains = (type: string, shared: object) => ({ contains: { [`${OLD}/${type}`]: shared } });
const latest = (annotations: object[], metadata: object = {}) => summary([view('v_0', annotations, metadata)]).latest;
const duration = (...annotations: object[]) => summary([view('v_0', annotations)]).duration;

describe('a summary', () => {
  it('lists documents, views and totals', () => {
    const text = { '@type': `${OLD}/TextDocument/v1`, properties: { id: 'd2', text: { '@value': 'hello' } } };
    const first = [annotation('TimeFrame/v5', {}, 'tf_1'), annotation('TimeFrame/v6', {}, 'tf_2')];
    const second = view('v_1', [annotation('TimeFrame/v6', {})], { timestamp: '2026-01-01T00:00:00' });
    expect(summary([view('v_0', first), second], [VIDEO, text])).toEqual({
      version: '1.0.5',
      documents: [
        { id: 'd1', type: 'VideoDocument', mime: 'video', location: 'file:///a.mp4' },
        { id: 'd2', type: 'TextDocument', mime: null, location: null },
      ],
      views: [
        {
          id: 'v_0',
          app: APP,
          timestamp: null,
          counts: { TimeFrame: 2 },
          error: null,
          warnings: [],
          runningTime: null,
        },
        {
          id: 'v_1',
          app: APP,
          timestamp: '2026-01-01T00:00:00',
          counts: { TimeFrame: 1 },
          error: null,
          warnings: [],
          runningTime: null,
        },
      ],
      totals: { TimeFrame: 3 },
      duration: null,
      latest: null,
    });
  });

  it('lists the errors and warnings of views', () => {
    const error = { message: 'no', stackTrace: '' };
    const views = [view('v_0', [], { error, contains: undefined }), view('v_1', [], { warnings: ['careful'] })];
    expect(summary(views).views).toMatchObject([
      { error, warnings: [] },
      { error: null, warnings: ['careful'] },
    ]);
  });
});

describe('the running time of a view', () => {
  const seconds = (metadata: object) => summary([view('v_0', [], metadata)]).views[0]?.runningTime;

  it.each([
    ['0:00:05.466913', 5.466913],
    ['0:11:45', 705],
    ['1 day, 2:03:04', 93_784],
    ['12 days, 0:00:00.5', 1_036_800.5],
    ['a while', null],
    [`${'9'.repeat(400)}:00:00`, null],
  ])('is read from %s as %s s', (text, expected) => {
    expect(seconds({ appProfiling: { runningTime: text } })).toBe(expected);
    expect(seconds({ appRunningTime: text })).toBe(expected);
  });

  it('is null when the view does not state it', () => expect(seconds({ appProfiling: {} })).toBeNull());
});

describe('the latest annotated time', () => {
  it.each([
    [undefined, 1500, 1500],
    ['milliseconds', 1500.0, 1500],
    ['ms', 1500, 1500],
    ['seconds', 1.5, 1500],
    ['isoformat', '00:01:02.500', 62_500],
    ['pixels', 1500, null],
    ['frames', 1500, null],
  ])('is read in the unit %s', (timeUnit, end, expected) => {
    expect(latest([annotation('TimeFrame/v1', { start: 0, end, timeUnit })])).toBe(expected);
    expect(latest([annotation('TimeFrame/v1', { end })], contains('TimeFrame/v1', { timeUnit }))).toBe(expected);
  });

  it('is computed from frames when the frame rate is known', () => {
    const frame = annotation('TimeFrame/v1', { start: 0, end: 50, timeUnit: 'frames', document: 'd1' });
    expect(latest([frame, annotation('Annotation/v2', { fps: 25, document: 'd1' }, 'x_2')])).toBe(2000);
    const fast = { ...VIDEO, properties: { ...VIDEO.properties, fps: 50 } };
    expect(summary([view('v_0', [frame])], [fast]).latest).toBe(1000);
  });

  it('is the latest in all views, including points and boxes of MMIF 0.4', () => {
    const frame = annotation('TimeFrame/v1', { start: 0, end: 1000 });
    expect(latest([annotation('TimePoint/v4', { timePoint: 5000 }), frame])).toBe(5000);
    const rate = annotation('Annotation/v2', { fps: 25 }, 'x_2');
    expect(latest([annotation('BoundingBox/v1', { frame: 100 }), rate])).toBe(4000);
  });

  it('ignores offsets in a text', () => {
    expect(latest([annotation('Token/v1', { start: 9000, end: 9005 })])).toBeNull();
    expect(latest([annotation('NamedEntity/v1', { start: '22', end: 29 })])).toBeNull();
  });

  it('is found through targets, even if they form a cycle', () => {
    const point = annotation('TimePoint/v4', { timePoint: 7000 }, 'tp_1');
    const frame = (id: string, ...targets: string[]) => annotation('TimeFrame/v5', { targets }, id);
    const later = view('v_1', [frame('v_1:tf_1', 'v_0:tp_1', 'tf_2'), frame('v_1:tf_2', 'tf_1')]);
    expect(summary([view('v_0', [point]), later]).latest).toBe(7000);
    expect(latest([frame('tf_1', 'tf_2'), frame('tf_2', 'tf_1', 'nothing')])).toBeNull();
  });
});

describe('the duration of the media', () => {
  it.each([
    ['milliseconds', { duration: 90_000, durationTimeUnit: 'milliseconds' }, 90_000],
    ['seconds', { duration: 90, durationTimeUnit: 'seconds' }, 90_000],
    ['frames', { duration: 2250, durationTimeUnit: 'frames', fps: 25 }, 90_000],
    ['a frame count', { frameCount: 2250, fps: 25 }, 90_000],
    ['a frame count alone', { frameCount: 2250 }, null],
    ['nothing', {}, null],
  ])('is read from %s', (_, properties, expected) => {
    expect(duration(annotation('Annotation/v2', { document: 'd1', ...properties }))).toBe(expected);
  });

  it('is combined from several annotations about a document, of which the later one wins', () => {
    const about = (properties: object, id: string) =>
      annotation('Annotation/v2', { document: 'd1', ...properties }, id);
    expect(duration(about({ fps: 50 }, 'a_1'), about({ frameCount: 100 }, 'a_2'), about({ fps: 25 }, 'a_3'))).toBe(
      4000,
    );
  });

  it('ignores the duration of a TimeFrame', () =>
    expect(duration(annotation('TimeFrame/v1', { duration: 90_000 }))).toBeNull());
});
