import { describe, expect, it } from '@jest/globals';
import { passagesOf } from './passages.js';

const texts = (text: string) => passagesOf(text).map((passage) => passage.text);

describe('the passages of a screen text', () => {
  it('are single lines on captions and credits', () => {
    expect(texts('Margaret Olsen\nReporter, Burlington')).toEqual(['Margaret Olsen', 'Reporter, Burlington']);
  });

  it('run on over line breaks in prose', () => {
    expect(texts('The rabbit was seen near\nMontpelier on Tuesday.')).toEqual([
      'The rabbit was seen near Montpelier on Tuesday.',
    ]);
  });

  it('do not run on over an empty line', () => {
    expect(texts('Evening Report\n\nIt rained in\nBoston.')).toEqual(['Evening Report', 'It rained in Boston.']);
  });

  it('leave out the heading of a slate line', () => {
    expect(texts('DIRECTOR: Helen Marsh')).toEqual(['Helen Marsh']);
  });

  it('do not take a clock time for a heading', () => {
    expect(texts('At 10:30 Boston')).toEqual(['At 10:30 Boston']);
  });

  it('are found again in the text at their offset', () => {
    const text = 'TITLE: The Wall\n\nJohn built\nit. Alice left.\nJames';
    for (const passage of passagesOf(text)) {
      const there = text.slice(passage.offset, passage.offset + passage.text.length);
      expect(there.replaceAll('\n', ' ')).toBe(passage.text);
    }
  });

  it('are none in an empty text', () => {
    expect(texts('\n \n')).toEqual([]);
  });
});
