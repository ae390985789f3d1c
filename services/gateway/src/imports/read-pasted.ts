import { cellText, csvColumns } from './csv-dialect.js';
import { type ImportEntry, importEntry } from './import-entry.js';
import { readCsv } from './read-csv.js';
import { peekText, unixLines } from './text-stream.js';

/** One line often holds several GUIDs; a name with a space inside, such as `cpb-aacip 507-x.mp4`, is rare. */
const SEPARATORS = /[\s,;]+/;

/** Entries of pasted text: spreadsheet cells with headers, which are pasted with tabs between them, or a list of GUIDs. */
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

async function* readGuids(text: AsyncIterable<string>): AsyncGenerator<ImportEntry> {
  let line = 0;
  for await (const content of linesOf(text)) {
    line += 1;
    for (const given of content.split(SEPARATORS)) if (given !== '') yield importEntry(line, given);
  }
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let unfinished = '';
  for await (const piece of unixLines(text)) {
    const lines = (unfinished + piece).split('\n');
    unfinished = lines.pop()!;
    yield* lines;
  }
  yield unfinished;
}
