import { promisify } from 'node:util';
import { CsvError, Parser } from 'csv-parse';
import { cellText, type CsvColumns, csvColumns, csvDialect } from './csv-dialect.js';
import { type ImportEntry, importEntry } from './import-entry.js';
import { noGuidColumn, unclosedQuote } from './import-problems.js';
import { peekText, unixLines, withoutBeginning } from './text-stream.js';

/** A longer record, in characters, is taken for one without a closing quote. */
const MAX_RECORD_LENGTH = 1024 * 1024;

/** A record and the number of its first line. */
interface PlacedRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Streams the entries of a table; throws ProblemError for a table without a GUID column or with an unclosed quote. */
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
 * Yields the non-empty records of a table as they are parsed. It bypasses the stream's queue and the parser's per-record
 * info objects, which would stay in memory much longer than the records.
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
    // The error is thrown by the `write` or `end` call that causes it.
    this.on('error', () => undefined);
  }

  override push(record: readonly string[] | null): boolean {
    if (record === null) return super.push(null);
    const cells = record.map(cellText);
    if (cells.some((cell) => cell !== '')) this.parsed.push({ line: this.after, cells });
    this.after = this.info.lines + this.first;
    return true;
  }

  /** The records that each piece of text completes. */
  async *recordsOf(text: AsyncIterable<string>): AsyncGenerator<readonly PlacedRecord[]> {
    for await (const piece of text) yield this.takeAfter((done) => this.write(piece, done));
    yield this.takeAfter((done) => this.end(done));
  }

  private async takeAfter(step: (done: (error?: Error | null) => void) => void): Promise<readonly PlacedRecord[]> {
    try {
      await promisify(step)();
    } catch (error) {
      throw error instanceof CsvError ? unclosedQuote(this.after) : error;
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
