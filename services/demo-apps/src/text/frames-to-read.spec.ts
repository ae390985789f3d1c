import { describe, expect, it } from '@jest/globals';
import { chooseFrames, framesToRead } from './frames-to-read.js';

const span = (label: string, start: number, end: number) => ({ label, start, end });

describe('the frames to read', () => {
  it('are in shots, not in bars, black and tone', () => {
    const spans = [span('bars', 0, 5000), span('tone', 0, 5000), span('shot', 5000, 9000), span('black', 9000, 10_000)];
    expect(framesToRead(spans, 5000)).toEqual([7000]);
  });

  it('are read once if apps labelled the same segment twice', () => {
    expect(framesToRead([span('shot', 1000, 3000), span('slate', 1000, 3000)], 5000)).toEqual([2000]);
  });

  it('are ordered by time', () => {
    expect(framesToRead([span('shot', 0, 8000), span('chyron', 1000, 2000)], 4000)).toEqual([1500, 2000, 6000]);
  });

  it('are null if there are only bars and black', () => {
    expect(framesToRead([span('bars', 0, 5000)], 5000)).toBeNull();
    expect(framesToRead([], 5000)).toBeNull();
  });
});

describe('the frames of a shot', () => {
  it('are only the middle frame of a short shot', () => {
    expect(chooseFrames({ start: 1000, end: 4000 }, 5000)).toEqual([2500]);
  });

  it('are evenly spaced over a long shot', () => {
    expect(chooseFrames({ start: 0, end: 20_000 }, 5000)).toEqual([2500, 7500, 12_500, 17_500]);
  });

  it('are never at the edge of a shot', () => {
    const times = chooseFrames({ start: 3000, end: 60_000 }, 700);
    expect(Math.min(...times)).toBeGreaterThan(3000);
    expect(Math.max(...times)).toBeLessThan(60_000);
  });
});
