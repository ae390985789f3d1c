import type { Command } from 'commander';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { pageOf } from '#libs/contracts';
import type { Api } from './connection/api.js';
import type { ExitCode } from './exit-codes.js';
import { type Output, understood } from './output/output.js';
import type { Column } from './output/table.js';

/** What a command works with. */
export interface Session {
  readonly api: Api;
  readonly output: Output;
  readonly stdin: Readable;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What a command does; returns an exit code other than 0 when something was not done. */
export type Work<Options> = (session: Session, args: string[], options: Options) => Promise<ExitCode | void>;

/** Makes the action of a command from what it does. */
export type Runner = <Options = object>(work: Work<Options>) => (...given: unknown[]) => Promise<void>;

/** The options that every command has. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly key?: string;
}

/** The command that was called, as commander hands it to an action: last of all. */
export const calledCommand = (given: readonly unknown[]): Command => given.at(-1) as Command;

const PAGE_ROWS = 200;

/** Items of a list as they were answered, page by page, at most `limit` in all. */
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

/** Shows a whole list; `none` is said to people when it is empty. Returns how many rows there were. */
export async function showList<Schema extends z.ZodType>(
  { api, output }: Session,
  list: { readonly path: string; readonly item: Schema; readonly none: string; readonly limit?: number | undefined },
  columns: readonly Column<z.output<Schema>>[],
): Promise<number> {
  let rows = 0;
  for await (const items of pages(api, list.path, list.limit)) {
    const page = output.isJson ? (items as z.output<Schema>[]) : understood(pageOf(list.item).shape.items, items);
    if (page.length > 0) await output.rows(columns, page, rows === 0);
    rows += page.length;
  }
  if (rows === 0 && !output.isJson) await output.tell(list.none);
  return rows;
}

/** A path with a query, without what was not given. */
export function pathWith(path: string, query: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}
