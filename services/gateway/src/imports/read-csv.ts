import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, type Info, parse } from 'csv-parse';
import { ProblemError } from '../http/problem-error.js';
import { cellText, type CsvColumns, csvColumns, csvDialect } from './csv-dialect.js';
import { type ImportEntry, importEntry } from './import-entry.js';
import { peekText, withoutBeginning } from './peek-text.js';
import { unixLines } from './unix-lines.js';

/** A record of this size has lost its closing quote. */
const MAX_RECORD_LENGTH = 1024 * 1024;

interface InformedRecord {
  readonly record: readonly string[];
  readonly info: Info;
}

/** The entries of a table, read as it arrives; throws ProblemError for what is no table of GUIDs. */
export async function* readCsv(text: AsyncIterable<string>): AsyncGenerator<ImportEntry> {
  const { head, whole } = await peekText(unixLines(text));
  const { delimiter, preamble } = csvDialect(head);
  const first = preamble === 0 ? 1 : 2;
  /** Line after the last record, of those parsed and of those taken up. */
  const after = { parsed: first, taken: first };
  const parser = parse({
    delimiter,
    record_delimiter: '\n',
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: MAX_RECORD_LENGTH,
    info: true,
    on_record: (record, { lines }) => {
      after.parsed = lines + first;
      return record;
    },
  });
  // Ends with an error of either; it is told by the loop below.
  pipeline(Readable.from(withoutBeginning(whole, preamble)), parser).catch(() => undefined);
  let columns: CsvColumns | null = null;
  try {
    for await (const { record, info } of parser as AsyncIterable<InformedRecord>) {
      const begin = after.taken;
      after.taken = info.lines + first;
      const cells = record.map(cellText);
      if (cells.every((cell) => cell === '')) continue;
      const isFirst = columns === null;
      columns ??= csvColumns(cells);
      if (!columns) throw noGuidColumn(cells);
      if (!isFirst || !columns.hasHeader) yield entryOf(begin, cells, columns);
    }
  } catch (error) {
    throw error instanceof CsvError ? unreadableCsv(after.parsed) : error;
  }
}

function entryOf(line: number, cells: readonly string[], columns: CsvColumns): ImportEntry {
  const cell = (index: number | null) => (index === null ? '' : (cells[index] ?? ''));
  const metadata = Object.fromEntries(
    columns.metadata.flatMap((name, index) => (name === null || !cells[index] ? [] : [[name, cells[index]]])),
  );
  return importEntry(line, cell(columns.guid), {
    title: cell(columns.title),
    path: cell(columns.path) || null,
    metadata,
  });
}

const noGuidColumn = (headers: readonly string[]) =>
  new ProblemError(
    422,
    'no-guid-column',
    'No column of GUIDs',
    `Name the column of GUIDs "GUID". The first line has: ${headers.slice(0, 20).join(', ').slice(0, 500)}.`,
  );

const unreadableCsv = (line: number) =>
  new ProblemError(
    422,
    'unreadable-csv',
    'The table cannot be read',
    `Close the quote that is opened in line ${line}, or leave it out; nothing was imported.`,
  );
