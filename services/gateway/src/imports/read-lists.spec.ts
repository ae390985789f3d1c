import { describe, expect, it } from '@jest/globals';
import type { ImportEntry } from './import-entry.js';
import { readCsv } from './read-csv.js';
import { readGuids } from './read-guids.js';
import { readPasted } from './read-pasted.js';

type Reader = (text: AsyncIterable<string>) => AsyncIterable<ImportEntry>;

/** Entries of a text that arrives in pieces of a size. */
async function read(reader: Reader, text: string, size = 7): Promise<ImportEntry[]> {
  const pieces = async function* () {
    for (let begin = 0; begin < text.length; begin += size)
      yield await Promise.resolve(text.slice(begin, begin + size));
  };
  const entries: ImportEntry[] = [];
  for await (const entry of reader(pieces())) entries.push(entry);
  return entries;
}
const brief = (entries: ImportEntry[]) => entries.map(({ line, guid }) => [line, guid]);

describe('readCsv', () => {
  it('gives one entry for each line, with its number', async () => {
    const text = 'GUID,Title,Year\r\ncpb-aacip/507-a,Evening news,1974\r\n\r\n,,\r\ncpb-aacip_507-b,"Talk, late",\r\n';
    expect(await read(readCsv, text)).toEqual([
      {
        line: 2,
        given: 'cpb-aacip/507-a',
        guid: 'cpb-aacip-507-a',
        title: 'Evening news',
        path: null,
        metadata: { Year: '1974' },
      },
      { line: 5, given: 'cpb-aacip_507-b', guid: 'cpb-aacip-507-b', title: 'Talk, late', path: null, metadata: {} },
    ]);
  });

  it.each(['\n', '\r\n', '\r'])('counts lines that end with %j, also within quotes', async (end) => {
    const text = ['Title;GUID', `"two${end}lines";a-1`, 'one;a-2', ''].join(end);
    expect(brief(await read(readCsv, text))).toEqual([
      [2, 'a-1'],
      [4, 'a-2'],
    ]);
  });

  it('takes the habits of Excel: a line that names the delimiter, formulas, columns and lines without content', async () => {
    const text = 'sep=;\r\nGUID;Title;;\r\n="cpb-aacip-507-a";"=""Talk""";;\r\n;;;\r\n';
    expect(await read(readCsv, text)).toEqual([
      { line: 3, given: 'cpb-aacip-507-a', guid: 'cpb-aacip-507-a', title: 'Talk', path: null, metadata: {} },
    ]);
  });

  it('reads a list without headers', async () => {
    expect(brief(await read(readCsv, 'cpb-aacip-507-a\ncpb-aacip-507-b'))).toEqual([
      [1, 'cpb-aacip-507-a'],
      [2, 'cpb-aacip-507-b'],
    ]);
  });

  it('takes the GUID from the name of the file where a line has no other', async () => {
    const [entry] = await read(readCsv, 'GUID,Path\n,1974/cpb-aacip-507-a.mp4\n');
    expect(entry).toMatchObject({ guid: 'cpb-aacip-507-a', path: '1974/cpb-aacip-507-a.mp4' });
  });

  it('gives lines in which there is no GUID, so that they can be reported', async () => {
    expect(await read(readCsv, 'GUID,Title\n,Evening news\nnot a guid,\n')).toMatchObject([
      { line: 2, given: '', guid: null },
      { line: 3, given: 'not a guid', guid: null },
    ]);
  });

  it('bears quotes in the middle of a cell, and lines of other lengths', async () => {
    expect(await read(readCsv, 'GUID,Title\na-1,The "late" news\na-2\na-3,x,y\n')).toMatchObject([
      { guid: 'a-1', title: 'The "late" news' },
      { guid: 'a-2', title: '' },
      { guid: 'a-3', title: 'x' },
    ]);
  });

  it('says which quote is not closed', async () => {
    await expect(read(readCsv, 'GUID,Title\na-1,x\na-2,"y\na-3,z\n')).rejects.toThrow(/quote .* line 3/);
    await expect(read(readCsv, `GUID\n"a${'\nb'.repeat(700_000)}`, 65_536)).rejects.toThrow(/quote .* line 2/);
  });

  it('says which columns there are when none is of GUIDs', async () => {
    await expect(read(readCsv, 'Year,Title\n1974,News\n')).rejects.toThrow(/"GUID".* Year, Title/);
  });

  it('finds nothing in nothing', async () => {
    expect(await read(readCsv, '')).toEqual([]);
    expect(await read(readCsv, 'GUID,Title\n')).toEqual([]);
  });
});

describe('readPasted', () => {
  it('takes cells of a spreadsheet with their headers for a table', async () => {
    const text = '\r\nTitle\tAsset ID\r\nEvening news\tcpb-aacip-507-a\r\n';
    expect(await read(readPasted, text)).toMatchObject([{ line: 3, guid: 'cpb-aacip-507-a', title: 'Evening news' }]);
  });

  it('takes anything else for GUIDs', async () => {
    expect(brief(await read(readPasted, 'GUID\na-1\ta-2\n'))).toEqual([
      [1, 'GUID'],
      [2, 'a-1'],
      [2, 'a-2'],
    ]);
  });
});

describe('readGuids', () => {
  it('gives each GUID with its line, several of one line too', async () => {
    expect(brief(await read(readGuids, 'cpb-aacip/507-a\r\n\r\n a-1, a-2;a-3\r\rü\n'))).toEqual([
      [1, 'cpb-aacip-507-a'],
      [3, 'a-1'],
      [3, 'a-2'],
      [3, 'a-3'],
      [5, null],
    ]);
  });

  it('finds nothing in nothing', async () => expect(await read(readGuids, ' \n')).toEqual([]));
});
