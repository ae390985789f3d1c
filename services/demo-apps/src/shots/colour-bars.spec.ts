import { describe, expect, it } from '@jest/globals';
import { FRAME_BYTES, FRAME_HEIGHT, FRAME_WIDTH, showsColourBars } from './colour-bars.js';

type Colour = readonly [number, number, number];
const L = 191;
const SMPTE: Colour[] = [
  [L, L, L],
  [L, L, 0],
  [0, L, L],
  [0, L, 0],
  [L, 0, L],
  [L, 0, 0],
  [0, 0, L],
];

function paint(colourAt: (column: number, row: number) => Colour): Uint8Array {
  const frame = new Uint8Array(FRAME_BYTES);
  for (let row = 0; row < FRAME_HEIGHT; row += 1) {
    for (let column = 0; column < FRAME_WIDTH; column += 1) {
      frame.set(colourAt(column, row), (row * FRAME_WIDTH + column) * 3);
    }
  }
  return frame;
}

const bars = (colours: readonly Colour[]) =>
  paint((column) => colours[Math.floor((column * colours.length) / FRAME_WIDTH)]!);

describe('colour bars', () => {
  it('are detected in the SMPTE order and as the eight EBU bars', () => {
    expect(showsColourBars(bars(SMPTE))).toBe(true);
    expect(showsColourBars(bars([...SMPTE, [0, 0, 0]]))).toBe(true);
  });

  it('are detected on a faded tape with raised black and noise', () => {
    const faded = SMPTE.map((colour) => colour.map((value) => 45 + value * 0.6) as unknown as Colour);
    const noisy = bars(faded).map((value, index) => value + ((index * 7919) % 21) - 10);
    expect(showsColourBars(noisy)).toBe(true);
  });

  it('are not detected in another order of the same colours', () => {
    expect(showsColourBars(bars([...SMPTE].reverse()))).toBe(false);
  });

  it('are not detected in a grey, black or white frame', () => {
    for (const level of [0, 128, 255]) expect(showsColourBars(paint(() => [level, level, level]))).toBe(false);
  });

  it('are not detected if a bar is not flat', () => {
    const striped = paint((column, row) => {
      const colour = SMPTE[Math.floor((column * 7) / FRAME_WIDTH)]!;
      return row % 2 === 0 ? colour : (colour.map((value) => Math.min(255, value + 80)) as unknown as Colour);
    });
    expect(showsColourBars(striped)).toBe(false);
  });
});
