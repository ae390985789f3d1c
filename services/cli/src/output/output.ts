import type { Writable } from 'node:stream';
import type { z } from 'zod';
import type { Answer } from '../connection/api.js';
import { CliError } from '../exit-codes.js';
import { oneLine } from './clean.js';
import { type Column, tableLines, tabLines } from './table.js';

/** Where a command writes; a terminal knows its width. */
export type Sink = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** People get words, scripts with `--json` exactly what Chowda has answered. */
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

  /** Characters of a line: as many as the terminal shows, at least what can hold a table. */
  get width(): number {
    return Math.max(this.stdout.columns ?? 80, 40);
  }

  /** Writes lines for people or scripts; resolves once they are handed on. */
  tell(...lines: readonly string[]): Promise<void> {
    return this.write(lines.map((line) => `${line}\n`).join(''));
  }

  write(chunk: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.stdout.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** A line beside the results, on standard error. */
  warn(sentence: string): void {
    this.stderr.write(`chowda: ${oneLine(sentence)}\n`);
  }

  /** Shows an answer: its text as it is, or what `words` makes of it. */
  async show<Schema extends z.ZodType>(
    answer: Answer,
    schema: Schema,
    words: (value: z.output<Schema>) => readonly string[],
  ): Promise<z.output<Schema>> {
    const value = understood(schema, answer.body);
    await (this.isJson ? this.tell(answer.text) : this.tell(...words(value)));
    return value;
  }

  /** One page of a list; `isFirst`: it begins with the titles of its columns. */
  async rows<Row>(columns: readonly Column<Row>[], rows: readonly Row[], isFirst: boolean): Promise<void> {
    if (this.isJson) return this.tell(...rows.map((row) => JSON.stringify(row)));
    if (this.stdout.isTTY) return this.tell(...tableLines(columns, rows, this.width).slice(isFirst ? 0 : 1));
    const titles = columns.map(({ title }) => title).join('\t');
    return this.tell(...(isFirst ? [titles] : []), ...tabLines(columns, rows));
  }
}

/** What was answered, if it is what this version of the command line knows. */
export function understood<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new CliError(
    `Chowda's answer is of another version than this command (${path.join('.')}: ${message}): use --json, or update.`,
  );
}
