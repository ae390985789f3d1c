import type { Command } from 'commander';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { pageOf } from '#libs/contracts';
import type { Api } from './connection/api.js';
import type { ExitCode } from './exit-codes.js';
import { type Output, parseAnswer } from './output/output.js';
import type { Column } from './output/table.js';

/** What a command uses to do its work. */
export interface Session {
  readonly api: Api;
  readonly output: Output;
  readonly stdin: Readable;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/** The work of a command; returns an exit code unless it is 0. */
export type Work<Options> = (session: Session, args: string[], options: Options) => Promise<ExitCode | void>;

/** Turns the work of a command into an action for commander. */
export type Runner = <Options = object>(work: Work<Options>) => (...given: unknown[]) => Promise<void>;

/** Options of every command. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly key?: string;
}

/** The called command, which commander passes to an action as the last argument. */
export const calledCommand = (given: readonly unknown[]): Command => given.at(-1) as Command;

const PAGE_ROWS = 200;

/** Reads a list page by page, at most `limit` items in all. */
export async function* pages(api: Api, path: string, limit = Infinity): AsyncGenerator<unknown[]> {
  const url = new URL(path, api.server.url);
  for (let left = limit; left > 0;) {
    url.searchParams.set('limit', String(Math.min(left, PAGE_ROWS)));
    const { body } = await api.get(`${url.pathname}${url.search}`);
    const { items, next } = body as { items: unknown[]; next: string | null };
    yield items;
    left -= items.length;
    if (next === null) return;
    url.searchParams.set('cursor', next);
  }
}

/** Shows a whole list, or `none` if it is empty. Returns the number of rows. */
export async function showList<Schema extends z.ZodType>(
  { api, output }: Session,
  list: { readonly path: string; readonly item: Schema; readonly none: string; readonly limit?: number | undefined },
  columns: readonly Column<z.output<Schema>>[],
): Promise<number> {
  let rows = 0;
  for await (const items of pages(api, list.path, list.limit)) {
    const page = output.isJson ? (items as z.output<Schema>[]) : parseAnswer(pageOf(list.item).shape.items, items);
    if (page.length > 0) await output.rows(columns, page, rows === 0);
    rows += page.length;
  }
  if (rows === 0 && !output.isJson) await output.print(list.none);
  return rows;
}
