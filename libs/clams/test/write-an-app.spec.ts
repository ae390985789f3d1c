import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mmif } from '#libs/mmif';
import { years } from './years.app.js';

const TEXT = 'http://mmif.clams.ai/vocabulary/TextDocument/v1';
const document = (annotations: object[]) =>
  JSON.stringify({
    metadata: { mmif: 'http://mmif.clams.ai/1.0.5' },
    documents: [],
    views: [{ id: 'v_0', metadata: { app: 'http://apps.example.org/ocr/v1', contains: {} }, annotations }],
  });

describe('the app of write-an-app.md', () => {
  let url = '';
  beforeAll(async () => {
    ({ url } = await years.listen(0));
  });
  afterAll(() => years.close());

  const call = async (annotations: object[], query = '') => {
    const response = await fetch(`${url}/${query}`, { method: 'POST', body: document(annotations) });
    return (await response.json()) as Mmif;
  };
  const text = (id: string, value: string) => ({ '@type': TEXT, properties: { id, text: { '@value': value } } });

  it('is identical to the code on the page', async () => {
    const page = await readFile(join(import.meta.dirname, '../write-an-app.md'), 'utf8');
    const [, block] = /```ts\n([^]*?)```/.exec(page) ?? [];
    const file = await readFile(join(import.meta.dirname, 'years.app.ts'), 'utf8');
    expect(block).toBe(file);
    expect(file.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });

  it('finds years in the texts of earlier views', async () => {
    const { views } = await call([text('v_0:td_1', '🎬 Built in 1852, shown in 1994.'), text('v_0:td_2', 'Tape 0682')]);
    expect(views[1]?.annotations.map(({ properties }) => properties)).toEqual([
      { id: 'v_1:ne_1', start: 11, end: 15, text: '1852', category: 'DATE' },
      { id: 'v_1:ne_2', start: 26, end: 30, text: '1994', category: 'DATE' },
    ]);
  });

  it('omits years before the earliest', async () => {
    const { views } = await call([text('v_0:td_1', 'Built in 1852, shown in 1994.')], '?earliest=1900');
    expect(views[1]?.annotations.map(({ properties }) => properties['text'])).toEqual(['1994']);
  });

  it('warns when there is no text', async () => {
    const { views } = await call([]);
    expect(views.at(-1)?.metadata.warnings).toEqual([expect.stringContaining('No view has a TextDocument')]);
  });
});
