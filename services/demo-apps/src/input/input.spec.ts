import { describe, expect, it } from '@jest/globals';
import { readMmif } from '#libs/mmif';
import { findTexts } from './find-texts.js';
import { findTimeFrames } from './find-time-frames.js';
import { findVideo } from './find-video.js';

const OLD = 'http://mmif.clams.ai/vocabulary';
const NEW = 'http://clams.ai/vocabulary/type';

const annotation = (type: string, properties: object) => ({ '@type': type, properties });
const view = (id: string, contains: object, ...annotations: object[]) => ({
  id,
  metadata: { app: 'http://apps.clams.ai/x/v1', contains },
  annotations,
});
const mmif = (documents: object[], views: object[] = []) =>
  readMmif(JSON.stringify({ metadata: { mmif: 'http://mmif.clams.ai/1.0.5' }, documents, views }));

describe('the video of an input', () => {
  it('is found with the old and the new vocabulary', () => {
    const properties = { id: 'd1', location: 'file:///a.mp4' };
    for (const type of [`${OLD}/VideoDocument/v1`, `${NEW}/VideoDocument/v2`]) {
      expect(findVideo(mmif([annotation(type, properties)]))).toEqual(properties);
    }
  });

  it('is required, with a location', () => {
    expect(() => findVideo(mmif([]))).toThrow('contains no VideoDocument');
    expect(() => findVideo(mmif([annotation(`${OLD}/VideoDocument/v1`, { id: 'd1' })]))).toThrow('has no location');
  });
});

describe('the labelled time frames of an input', () => {
  it('are in milliseconds and ordered, whatever unit the views use', () => {
    const shots = view(
      'v_0',
      { [`${OLD}/TimeFrame/v5`]: { timeUnit: 'milliseconds' } },
      annotation(`${OLD}/TimeFrame/v5`, { id: 'tf_2', label: 'shot', start: 5000, end: 9000 }),
    );
    const older = annotation(`${OLD}/TimeFrame/v1`, {
      id: 'tf_1',
      frameType: 'bars',
      timeUnit: 'seconds',
      start: 0,
      end: 5,
    });
    expect(findTimeFrames(mmif([], [shots, view('v_1', {}, older)]))).toEqual([
      { label: 'bars', start: 0, end: 5000 },
      { label: 'shot', start: 5000, end: 9000 },
    ]);
  });

  it('exclude those that count frames, have no label or refer to other annotations', () => {
    const frames = [
      { id: 'tf_1', label: 'shot', timeUnit: 'frames', start: 0, end: 50 },
      { id: 'tf_2', timeUnit: 'milliseconds', start: 0, end: 50 },
      { id: 'tf_3', label: 'slate', timeUnit: 'milliseconds', targets: ['tp_1'] },
    ];
    expect(
      findTimeFrames(mmif([], [view('v_0', {}, ...frames.map((f) => annotation(`${OLD}/TimeFrame/v5`, f)))])),
    ).toEqual([]);
  });
});

describe('the texts of an input', () => {
  it('include source documents and texts of views, with IDs that are unique in the document', () => {
    const text = (id: string, value: string) => annotation(`${OLD}/TextDocument/v1`, { id, text: { '@value': value } });
    const views = [view('v_0', {}, text('td_1', 'two')), view('v_1', {}, text('v_1:td_1', 'three'))];
    expect(findTexts(mmif([text('d2', 'one')], views))).toEqual([
      { id: 'd2', text: 'one' },
      { id: 'v_0:td_1', text: 'two' },
      { id: 'v_1:td_1', text: 'three' },
    ]);
  });

  it('exclude texts that are stored in other files', () => {
    expect(findTexts(mmif([annotation(`${OLD}/TextDocument/v1`, { id: 'd1', location: 'file:///a.txt' })]))).toEqual(
      [],
    );
  });
});
