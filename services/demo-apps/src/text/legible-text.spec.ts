import { describe, expect, it } from '@jest/globals';
import { legibleText } from './legible-text.js';

const line = (text: string, confidence: number, [x0, y0, x1, y1] = [0, 0, 10, 10]) => ({
  text: `${text}\n`,
  confidence,
  bbox: { x0: x0!, y0: y0!, x1: x1!, y1: y1! },
});

describe('the text of a frame', () => {
  it('separates lines and paragraphs', () => {
    const paragraphs = [
      { lines: [line('Margaret Olsen', 96), line('Reporter', 95)] },
      { lines: [line('Evening Report', 90)] },
    ];
    expect(legibleText(paragraphs, 60)?.text).toBe('Margaret Olsen\nReporter\n\nEvening Report');
  });

  it('excludes text with low confidence, such as from grass and leaves', () => {
    const paragraphs = [{ lines: [line('WY IN BT Aa, TR', 24)] }, { lines: [line('Thomas Garcia', 96)] }];
    expect(legibleText(paragraphs, 60)?.text).toBe('Thomas Garcia');
  });

  it('excludes lines of one or two characters, such as from specks', () => {
    expect(legibleText([{ lines: [line('| 50', 92)] }], 60)).toBeNull();
  });

  it('keeps words with non-ASCII letters', () => {
    expect(legibleText([{ lines: [line('Čapek', 80)] }], 60)?.text).toBe('Čapek');
  });

  it('has a box around only the kept lines', () => {
    const lines = [
      line('Carol Jennings', 96, [40, 280, 300, 300]),
      line('Director', 95, [42, 310, 200, 330]),
      line('~~ xx yy', 11, [0, 0, 640, 100]),
    ];
    expect(legibleText([{ lines }], 60)?.box).toEqual({ x0: 40, y0: 280, x1: 300, y1: 330 });
  });

  it('is null for a frame without text', () => {
    expect(legibleText([], 60)).toBeNull();
  });
});
