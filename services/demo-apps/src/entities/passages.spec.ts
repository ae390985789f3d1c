import { describe, expect, it } from '@jest/globals';
import { passagesOf } from './passages.js';

const texts = (text: string) => passagesOf(text).map((passage) => passage.text);

describe('the passages of a screen text', () => {
  it('are single lines on captions and credits', () => {
    expect(texts('Margaret Olsen\nReporter, Burlington')).toEqual(['Margaret Olsen', 'Reporter, Burlington']);
  });

  it('continue over line breaks in prose', () => {
    expect(texts('The rabbit was seen near\nMontpelier on Tuesday.')).toEqual([
      'The rabbit was seen near Montpelier on Tuesday.',
    ]);
  });

  it('end at an empty line', () => {
    expect(texts('Evening Report\n\nIt rained in\nBoston.')).toEqual(['Evening Report', 'It rained in Boston.']);
  });

  it('exclude the heading of a slate line', () => {
    expect(texts('DIRECTOR: Helen Marsh')).toEqual(['Helen Marsh']);
  });

  it('do not treat a time of day as a heading', () => {
    expect(texts('At 10:30 Boston')).toEqual(['At 10:30 Boston']);
  });

  it('are in the text at their offsets', () => {
    const text = 'TITLE: The Wall\n\nJohn built\nit. Alice left.\nJames';
    for (const passage of passagesOf(text)) {
      const there = text.slice(passage.offset, passage.offset + passage.text.length);
      expect(there.replaceAll('\n', ' ')).toBe(passage.text);
    }
  });

  it('are empty for a blank text', () => {
    expect(texts('\n \n')).toEqual([]);
  });
});
