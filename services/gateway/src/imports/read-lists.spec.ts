import { describe, expect, it } from '@jest/globals';
import type { ImportEntry } from './import-entry.js';
import { readCsv } from './read-csv.js';
import { readPasted } from './read-pasted.js';

type Reader = (text: AsyncIterable<string>) => AsyncIterable<ImportEntry>;

/** Entries of a text that arrives in pieces of `size` characters. */
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
  it('returns one entry per line, with the line number', async () => {
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

  it.each(['\n', '\r\n', '\r'])('counts lines that end with %j, including those inside quotes', async (end) => {
    const text = ['Title;GUID', `"two${end}lines";a-1`, 'one;a-2', ''].join(end);
    expect(brief(await read(readCsv, text))).toEqual([
      [2, 'a-1'],
      [4, 'a-2'],
    ]);
  });

  it('reads Excel exports: a delimiter line, formulas, empty columns and empty lines', async () => {
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

  it('takes the GUID from the file name when the GUID cell is empty', async () => {
    const [entry] = await read(readCsv, 'GUID,Path\n,1974/cpb-aacip-507-a.mp4\n');
    expect(entry).toMatchObject({ guid: 'cpb-aacip-507-a', path: '1974/cpb-aacip-507-a.mp4' });
  });

  it('returns lines without a GUID, so that they can be reported', async () => {
    expect(await read(readCsv, 'GUID,Title\n,Evening news\nnot a guid,\n')).toMatchObject([
      { line: 2, given: '', guid: null },
      { line: 3, given: 'not a guid', guid: null },
    ]);
  });

  it('accepts quotes inside a cell and lines with fewer or more cells', async () => {
    expect(await read(readCsv, 'GUID,Title\na-1,The "late" news\na-2\na-3,x,y\n')).toMatchObject([
      { guid: 'a-1', title: 'The "late" news' },
      { guid: 'a-2', title: '' },
      { guid: 'a-3', title: 'x' },
    ]);
  });

  it('names the line of an unclosed quote', async () => {
    await expect(read(readCsv, 'GUID,Title\na-1,x\na-2,"y\na-3,z\n')).rejects.toThrow(/quote .* line 3/);
    await expect(read(readCsv, `GUID\n"a${'\nb'.repeat(700_000)}`, 65_536)).rejects.toThrow(/quote .* line 2/);
  });

  it('names the existing columns when none contains GUIDs', async () => {
    await expect(read(readCsv, 'Year,Title\n1974,News\n')).rejects.toThrow(/"GUID".* Year, Title/);
  });

  it('returns no entries for an empty table', async () => {
    expect(await read(readCsv, '')).toEqual([]);
    expect(await read(readCsv, 'GUID,Title\n')).toEqual([]);
  });
});

describe('readPasted', () => {
  it('reads pasted spreadsheet cells with headers as a table', async () => {
    const text = '\r\nTitle\tAsset ID\r\nEvening news\tcpb-aacip-507-a\r\n';
    expect(await read(readPasted, text)).toMatchObject([{ line: 3, guid: 'cpb-aacip-507-a', title: 'Evening news' }]);
  });

  it('reads any other text as GUIDs', async () => {
    expect(brief(await read(readPasted, 'GUID\na-1\ta-2\n'))).toEqual([
      [1, 'GUID'],
      [2, 'a-1'],
      [2, 'a-2'],
    ]);
  });

  it('returns each GUID with its line, even several on one line', async () => {
    expect(brief(await read(readPasted, 'cpb-aacip/507-a\r\n\r\n a-1, a-2;a-3\r\rü\n'))).toEqual([
      [1, 'cpb-aacip-507-a'],
      [3, 'a-1'],
      [3, 'a-2'],
      [3, 'a-3'],
      [5, null],
    ]);
  });

  it('returns no entries for blank text', async () => expect(await read(readPasted, ' \n')).toEqual([]));
});
