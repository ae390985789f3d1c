import { describe, expect, it } from '@jest/globals';
import { legibleText } from './legible-text.js';

const line = (text: string, confidence: number, [x0, y0, x1, y1] = [0, 0, 10, 10]) => ({
  text: `${text}\n`,
  confidence,
  bbox: { x0: x0!, y0: y0!, x1: x1!, y1: y1! },
});

describe('the text of a frame', () => {
  it('keeps lines and paragraphs apart', () => {
    const paragraphs = [
      { lines: [line('Margaret Olsen', 96), line('Reporter', 95)] },
      { lines: [line('Evening Report', 90)] },
    ];
    expect(legibleText(paragraphs, 60)?.text).toBe('Margaret Olsen\nReporter\n\nEvening Report');
  });

  it('leaves out what was guessed from grass and leaves', () => {
    const paragraphs = [{ lines: [line('WY IN BT Aa, TR', 24)] }, { lines: [line('Thomas Garcia', 96)] }];
    expect(legibleText(paragraphs, 60)?.text).toBe('Thomas Garcia');
  });

  it('leaves out specks that pass for a letter or two', () => {
    expect(legibleText([{ lines: [line('| 50', 92)] }], 60)).toBeNull();
  });

  it('does not leave out words in other scripts', () => {
    expect(legibleText([{ lines: [line('Čapek', 80)] }], 60)?.text).toBe('Čapek');
  });

  it('has a box around what was kept and nothing else', () => {
    const lines = [
      line('Carol Jennings', 96, [40, 280, 300, 300]),
      line('Director', 95, [42, 310, 200, 330]),
      line('~~ xx yy', 11, [0, 0, 640, 100]),
    ];
    expect(legibleText([{ lines }], 60)?.box).toEqual({ x0: 40, y0: 280, x1: 300, y1: 330 });
  });

  it('is none for a frame without text', () => {
    expect(legibleText([], 60)).toBeNull();
  });
});
