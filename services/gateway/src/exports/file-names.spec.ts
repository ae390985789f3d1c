import { describe, expect, it } from '@jest/globals';
import type { ExportBatch } from '#libs/database';
import { FileNames, origin } from './file-names.js';

const batch = (name: string): ExportBatch => ({
  id: 17,
  name: 'Evening news',
  state: 'finished',
  pipeline: { name, version: 2 },
  apps: ['shots_v1', 'text_v2'],
  at: new Date(0),
});

describe(FileNames, () => {
  it('builds a name from file, pipeline, version and batch, with the stage when all stages are exported', () => {
    const nameOf = new FileNames(batch('News & text')).of({ guid: 'cpb-aacip-507-x', row: 0 });
    expect(nameOf(null, 'vtt')).toBe('cpb-aacip-507-x_News-text-v2_17.vtt');
    expect(nameOf(1, 'mmif')).toBe('cpb-aacip-507-x_News-text-v2_17_s1-text_v2.mmif');
  });

  it('returns names that are unique regardless of case', () => {
    const names = new FileNames(batch('news'));
    const given = ['cpb-A', 'cpb-a', 'cpb-b'].map((guid, row) => names.of({ guid, row })(null, 'txt'));
    expect(given).toEqual(['cpb-A_news-v2_17.txt', 'cpb-a~1_news-v2_17.txt', 'cpb-b_news-v2_17.txt']);
  });

  it.each([
    ['Zoë / ../etc', 'Zoe-etc-v2_17'],
    ['新闻', 'pipeline-v2_17'],
    ['x'.repeat(200), `${'x'.repeat(60)}-v2_17`],
  ])('turns the pipeline name %j into characters that every file system accepts', (name, expected) => {
    expect(origin(batch(name))).toBe(expected);
  });
});
