import { cellText, csvColumns } from './csv-dialect.js';
import type { ImportEntry } from './import-entry.js';
import { peekText } from './peek-text.js';
import { readCsv } from './read-csv.js';
import { readGuids } from './read-guids.js';

/** The entries of what was pasted: GUIDs, or cells of a spreadsheet with their headers, which come parted by tabs. */
export async function* readPasted(text: AsyncIterable<string>): AsyncGenerator<ImportEntry> {
  const { head, whole } = await peekText(text);
  yield* isTable(head) ? readCsv(whole) : readGuids(whole);
}

function isTable(head: string): boolean {
  const cells = head
    .trimStart()
    .split(/[\r\n]/, 1)[0]!
    .split('\t')
    .map(cellText);
  return cells.length > 1 && csvColumns(cells)?.hasHeader === true;
}
