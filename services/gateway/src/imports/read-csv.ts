import { promisify } from 'node:util';
import { CsvError, Parser } from 'csv-parse';
import { ProblemError } from '../http/problem-error.js';
import { cellText, type CsvColumns, csvColumns, csvDialect } from './csv-dialect.js';
import { type ImportEntry, importEntry } from './import-entry.js';
import { peekText, withoutBeginning } from './peek-text.js';
import { unixLines } from './unix-lines.js';

/** A record of this size has lost its closing quote. */
const MAX_RECORD_LENGTH = 1024 * 1024;

/** A record and the line it begins in. */
interface PlacedRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The entries of a table, read as it arrives; throws ProblemError for what is no table of GUIDs. */
export async function* readCsv(text: AsyncIterable<string>): AsyncGenerator<ImportEntry> {
  const { head, whole } = await peekText(unixLines(text));
  const { delimiter, preamble } = csvDialect(head);
  const parser = new RecordParser(delimiter, preamble === 0 ? 1 : 2);
  let columns: CsvColumns | null = null;
  for await (const records of parser.recordsOf(withoutBeginning(whole, preamble))) {
    for (const { line, cells } of records) {
      const isFirst = columns === null;
      columns ??= csvColumns(cells);
      if (!columns) throw noGuidColumn(cells);
      if (!isFirst || !columns.hasHeader) yield entryOf(line, cells, columns);
    }
  }
}

/**
 * The records of a table that are not empty. They are taken as they are parsed: the queue of the stream, and what the
 * parser tells of each record where it is asked to, would outlive them in memory by far.
 */
class RecordParser extends Parser {
  private parsed: PlacedRecord[] = [];
  /** Line after the last record. */
  private after: number;

  constructor(
    delimiter: string,
    private readonly first: number,
  ) {
    super({
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      relax_quotes: true,
      max_record_size: MAX_RECORD_LENGTH,
    });
    this.after = first;
    // Told by the call that meets it.
    this.on('error', () => undefined);
  }

  override push(record: readonly string[] | null): boolean {
    if (record === null) return super.push(null);
    const cells = record.map(cellText);
    if (cells.some((cell) => cell !== '')) this.parsed.push({ line: this.after, cells });
    this.after = this.info.lines + this.first;
    return true;
  }

  /** Records as far as each piece of text completes them. */
  async *recordsOf(text: AsyncIterable<string>): AsyncGenerator<readonly PlacedRecord[]> {
    for await (const piece of text) yield this.takeAfter((told) => this.write(piece, told));
    yield this.takeAfter((told) => this.end(told));
  }

  private async takeAfter(step: (told: (error?: Error | null) => void) => void): Promise<readonly PlacedRecord[]> {
    try {
      await promisify(step)();
    } catch (error) {
      throw error instanceof CsvError ? unreadableCsv(this.after) : error;
    }
    const taken = this.parsed;
    this.parsed = [];
    return taken;
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
