import { describe, expect, it } from '@jest/globals';
import { isLineupTone, SOUND_RATE, WINDOW } from './lineup-tone.js';

const sound = (amplitude: number, ...frequencies: number[]) =>
  Int16Array.from({ length: WINDOW }, (_, index) =>
    frequencies.reduce(
      (sum, frequency) =>
        sum + (amplitude * Math.sin((2 * Math.PI * frequency * index) / SOUND_RATE)) / frequencies.length,
      0,
    ),
  );

describe('the line-up tone', () => {
  it('is detected at 1000 and at 400 Hz, loud or quiet', () => {
    for (const amplitude of [500, 20_000]) {
      expect(isLineupTone(sound(amplitude, 1000))).toBe(true);
      expect(isLineupTone(sound(amplitude, 400))).toBe(true);
    }
  });

  it('is detected on a tape that runs slightly fast', () => {
    expect(isLineupTone(sound(8000, 1004))).toBe(true);
  });

  it('is not detected in a chord, another tone or silence', () => {
    expect(isLineupTone(sound(8000, 1000, 1250, 1500))).toBe(false);
    expect(isLineupTone(sound(8000, 700))).toBe(false);
    expect(isLineupTone(sound(20, 1000))).toBe(false);
    expect(isLineupTone(new Int16Array(WINDOW))).toBe(false);
  });

  it('is not detected in noise', () => {
    let state = 1;
    const noise = Int16Array.from({ length: WINDOW }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return (state % 20_000) - 10_000;
    });
    expect(isLineupTone(noise)).toBe(false);
  });
});
