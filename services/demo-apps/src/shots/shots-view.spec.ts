import { describe, expect, it } from '@jest/globals';
import { shotsView } from './shots-view.js';

const scan = {
  duration: 9000,
  fps: 25,
  hasSound: true,
  cuts: [],
  black: [],
  bars: [],
  tone: [{ start: 0, end: 5000 }],
};
const parts = [
  { label: 'bars', start: 0, end: 5000 },
  { label: 'shot', start: 5000, end: 9000 },
] as const;
const annotations = shotsView('d1', scan, parts);
const timeFrames = annotations.filter((annotation) => annotation['@type'].includes('/TimeFrame/'));

describe('the shots view', () => {
  it('contains the frame rate and duration of the video', () => {
    expect(annotations[0]?.properties).toEqual({
      id: 'ann_1',
      document: 'd1',
      fps: 25,
      duration: 9000,
      durationTimeUnit: 'milliseconds',
    });
  });

  it('contains a time frame for each part and each tone', () => {
    const times = timeFrames.map(({ properties }) => [properties['label'], properties['start'], properties['end']]);
    expect(times).toEqual([
      ['bars', 0, 5000],
      ['shot', 5000, 9000],
      ['tone', 0, 5000],
    ]);
  });

  it('contains the middle of each shot, but not of bars', () => {
    expect(timeFrames.map(({ properties }) => properties['representatives'])).toEqual([undefined, ['tp_1'], undefined]);
    const point = annotations.find(({ properties }) => properties.id === 'tp_1');
    expect(point?.properties['timePoint']).toBe(7000);
  });
});
