/** Sample rate in Hz to which sound is converted (16-bit mono). */
export const SOUND_RATE = 8000;
/** Samples per window. A window of 50 ms is short enough to tolerate a tape speed that is 2 % off. */
export const WINDOW = 400;
export const WINDOW_MS = (WINDOW * 1000) / SOUND_RATE;

/** Frequencies in Hz of the tones that accompany colour bars. */
const TONES = [1000, 400];
/** Minimum share of the sound energy at the tone; speech and music stay below 0.5. */
const PURITY = 0.75;
/** Root mean square of the samples below which a window counts as silent: about -50 dB. */
const SILENCE = 100;

/** Share of a window's energy, 0 to 1, at one frequency (Goertzel's algorithm). */
function shareAt(frequency: number, window: Int16Array, energy: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * frequency) / SOUND_RATE);
  let [last, before] = [0, 0];
  for (const sample of window) [last, before] = [sample + factor * last - before, last];
  const power = last * last + before * before - factor * last * before;
  return (2 * power) / (window.length * energy);
}

/** Whether a window of `WINDOW` samples contains only a line-up tone of 1000 or 400 Hz. */
export function isLineupTone(window: Int16Array): boolean {
  const energy = window.reduce((sum, sample) => sum + sample * sample, 0);
  if (Math.sqrt(energy / window.length) < SILENCE) return false;
  return TONES.some((frequency) => shareAt(frequency, window, energy) >= PURITY);
}
