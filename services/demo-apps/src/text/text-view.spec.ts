import { describe, expect, it } from '@jest/globals';
import { shortType } from '#libs/mmif';
import { textView } from './text-view.js';

describe('the text view', () => {
  const [point, box, said, ...alignments] = textView('d1', [
    { time: 7500, text: 'Evening Report', box: { x0: 10, y0: 20, x1: 300, y1: 60 } },
  ]);

  it('contains time, position and content of a text', () => {
    expect(point?.properties).toMatchObject({ timePoint: 7500, timeUnit: 'milliseconds', document: 'd1' });
    expect(box?.properties).toMatchObject({
      timePoint: point?.properties.id,
      coordinates: [
        [10, 20],
        [300, 60],
      ],
    });
    expect(said?.properties['text']).toEqual({ '@value': 'Evening Report', '@language': 'en' });
  });

  it('aligns the text with its time and its position', () => {
    expect(alignments.map(({ properties }) => [properties['source'], properties['target']])).toEqual([
      [point?.properties.id, said?.properties.id],
      [box?.properties.id, said?.properties.id],
    ]);
    expect(alignments.map((alignment) => shortType(alignment['@type']))).toEqual(['Alignment', 'Alignment']);
  });

  it('is empty if no frame has text', () => {
    expect(textView('d1', [])).toEqual([]);
  });
});
