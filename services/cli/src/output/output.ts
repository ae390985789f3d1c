import type { Writable } from 'node:stream';
import type { z } from 'zod';
import type { Answer } from '../connection/api.js';
import { CliError } from '../exit-codes.js';
import { oneLine } from './clean.js';
import { type Column, tableLines, tabLines } from './table.js';

/** A stream that a command writes to; a terminal has a width. */
export type Sink = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Writes results: text for people, or with `--json` exactly the responses of Chowda. */
export class Output {
  constructor(
    private readonly stdout: Sink,
    private readonly stderr: Sink,
    readonly isJson: boolean,
  ) {}

  get isTerminal(): boolean {
    return this.stdout.isTTY === true && !this.isJson;
  }

  get stream(): Sink {
    return this.stdout;
  }

  /** Width of a line in characters: that of the terminal, at least 40 to hold a table. */
  get width(): number {
    return Math.max(this.stdout.columns ?? 80, 40);
  }

  /** Writes lines; resolves when the stream has accepted them. */
  print(...lines: readonly string[]): Promise<void> {
    return this.write(lines.map((line) => `${line}\n`).join(''));
  }

  write(chunk: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.stdout.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Writes a line to standard error. */
  warn(sentence: string): void {
    this.stderr.write(`chowda: ${oneLine(sentence)}\n`);
  }

  /** Shows an answer: the lines that `format` returns, or with `--json` its unchanged text. */
  async show<Schema extends z.ZodType>(
    answer: Answer,
    schema: Schema,
    format: (value: z.output<Schema>) => readonly string[],
  ): Promise<z.output<Schema>> {
    const value = parseAnswer(schema, answer.body);
    await (this.isJson ? this.print(answer.text) : this.print(...format(value)));
    return value;
  }

  /** Shows one page of a list; the first page starts with the column titles. */
  async rows<Row>(columns: readonly Column<Row>[], rows: readonly Row[], isFirst: boolean): Promise<void> {
    if (this.isJson) return this.print(...rows.map((row) => JSON.stringify(row)));
    if (this.stdout.isTTY) return this.print(...tableLines(columns, rows, this.width).slice(isFirst ? 0 : 1));
    const titles = columns.map(({ title }) => title).join('\t');
    return this.print(...(isFirst ? [titles] : []), ...tabLines(columns, rows));
  }
}

/** Parses the body of an answer. Throws CliError if it does not match the schema of this version. */
export function parseAnswer<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new CliError(
    `The response comes from a different version of Chowda (${path.join('.')}: ${message}). Update this command, or use --json.`,
  );
}
