/** Size in pixels of the scaled-down RGB frames; the width is divisible by seven and by eight bars. */
export const FRAME_WIDTH = 56;
export const FRAME_HEIGHT = 32;
export const FRAME_BYTES = FRAME_WIDTH * FRAME_HEIGHT * 3;

// Bars from left to right as red, green, blue; 1 means lit. Upper part of SMPTE EG 1, and the eight EBU bars.
const SMPTE = [
  [1, 1, 1],
  [1, 1, 0],
  [0, 1, 1],
  [0, 1, 0],
  [1, 0, 1],
  [1, 0, 0],
  [0, 0, 1],
] as const;
const EBU = [...SMPTE, [0, 0, 0]] as const;

// In 75 % bars, a lit channel is about 191 of 255; old tape raises black and loses colour.
const LIT_AT_LEAST = 115;
const DARK_AT_MOST = 85;
/** Maximum mean deviation of a pixel from the mean of its bar: bars are flat, other images are not. */
const FLATNESS = 20;
// Only the upper half, because SMPTE bars have other colours in the lowest third.
const ROWS = { from: 2, to: FRAME_HEIGHT / 2 };

type Colour = readonly [number, number, number];

/** Pixels of one bar without its edges, where adjacent bars blend. */
function barPixels(frame: Uint8Array, bar: number, width: number): Colour[] {
  const pixels: Colour[] = [];
  for (let row = ROWS.from; row < ROWS.to; row += 1) {
    for (let column = bar * width + 2; column < (bar + 1) * width - 2; column += 1) {
      const at = (row * FRAME_WIDTH + column) * 3;
      pixels.push([frame[at]!, frame[at + 1]!, frame[at + 2]!]);
    }
  }
  return pixels;
}

function showsBar(pixels: readonly Colour[], lit: Colour): boolean {
  return ([0, 1, 2] as const).every((channel) => {
    const values = pixels.map((pixel) => pixel[channel]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = values.reduce((sum, value) => sum + Math.abs(value - mean), 0) / values.length;
    return spread <= FLATNESS && (lit[channel] === 1 ? mean >= LIT_AT_LEAST : mean <= DARK_AT_MOST);
  });
}

const showsPattern = (frame: Uint8Array, bars: readonly Colour[]) =>
  bars.every((lit, bar) => showsBar(barPixels(frame, bar, FRAME_WIDTH / bars.length), lit));

/** Whether a frame (`FRAME_BYTES` bytes, RGB) shows SMPTE or EBU colour bars. */
export function showsColourBars(frame: Uint8Array): boolean {
  return showsPattern(frame, SMPTE) || showsPattern(frame, EBU);
}
