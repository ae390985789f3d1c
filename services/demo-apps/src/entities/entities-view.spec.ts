import { describe, expect, it } from '@jest/globals';
import { entitiesView } from './entities-view.js';

describe('the entities view', () => {
  it('locates a name in its text in code points', async () => {
    const annotations = await entitiesView([{ id: 'v_1:td_2', text: '🎬 Margaret Olsen' }], () => undefined);
    const entity = annotations.find((annotation) => annotation['@type'].includes('/NamedEntity/'));
    expect(entity?.properties).toEqual({
      id: 'ne_1',
      document: 'v_1:td_2',
      start: 2,
      end: 16,
      text: 'Margaret Olsen',
      category: 'PERSON',
    });
  });

  it('contains the sentences of every text', async () => {
    const texts = [
      { id: 'v_1:td_1', text: 'It rained.' },
      { id: 'v_1:td_2', text: 'It stopped.' },
    ];
    const done: number[] = [];
    const sentences = await entitiesView(texts, (count) => done.push(count));
    expect(sentences.map(({ properties }) => properties['document'])).toEqual(['v_1:td_1', 'v_1:td_2']);
    expect(done).toEqual([1, 2]);
  });

  it('is empty without texts', async () => {
    expect(await entitiesView([], () => undefined)).toEqual([]);
  });
});
