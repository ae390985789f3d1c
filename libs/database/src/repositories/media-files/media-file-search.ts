import type { DataSource } from 'typeorm';
import type { MediaFileSearch } from '#libs/contracts';
import { SEARCHED } from './media-file-keys.js';
import { literal } from '../search/text-search.js';

/** Parameters of a statement; each added value gets the next number. */
export class Values {
  readonly list: unknown[] = [];

  /** Adds a value and returns its placeholder. */
  add(value: unknown): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

/** The newest run of a media file without drafts. The lateral join evaluates it only for the rows of the page. */
export const newestRun = (file: string): string => `
  left join lateral (
    select r.state, r.batch_id from runs r join batches b on b.id = r.batch_id
    where r.media_file_id = ${file} and b.state <> 'draft' order by r.batch_id desc limit 1
  ) newest on true`;

/** The newest run of the media file `m`. */
export const NEWEST_RUN = newestRun('m.id');

/** Conditions under which the media file `m` matches all patterns. */
export const fitting = (patterns: readonly string[], values: Values): string[] =>
  patterns.map((pattern) => `${SEARCHED} like ${values.add(pattern)}`);

/** `from` and `where` for all media files `m` of a search, with their `newest` run. */
export function searched(
  { query, status, collection }: MediaFileSearch,
  values: Values,
): { from: string; where: string } {
  const conditions = fitting(wordPatterns(query), values);
  const sources = ['media_files m'];
  if (collection !== undefined) {
    sources.push('join collection_files c on c.media_file_id = m.id');
    conditions.push(`c.collection_id = ${values.add(collection)}`);
  }
  if (status === 'never') {
    sources.push('join untouched_files u on u.media_file_id = m.id');
    conditions.push('newest.state is null');
  } else if (status !== undefined) {
    const state = values.add(status);
    // The first condition finds the rows by an index; the second excludes files that have a newer run.
    conditions.push(`exists (select 1 from runs s where s.state = ${state} and s.media_file_id = m.id)`);
    conditions.push(`newest.state = ${state}`);
  }
  return { from: `${sources.join(' ')} ${NEWEST_RUN}`, where: conditions.join(' and ') || 'true' };
}

/** IDs of media files that match all patterns, found in the trigram index whatever the statistics say. */
export const filesThatFit = (dataSource: DataSource, patterns: readonly string[], most: number): Promise<string[]> =>
  dataSource.transaction(async (manager) => {
    await manager.query('set local enable_seqscan = off; set local enable_indexscan = off');
    const values = new Values();
    const found = await manager.query<{ id: string }[]>(
      `select m.id from media_files m where ${fitting(patterns, values).join(' and ')} limit ${values.add(most)}`,
      values.list,
    );
    return found.map(({ id }) => id);
  });

/**
 * `like` patterns for each word of a query. A word matches anywhere; one or two letters match only at the start of a
 * word, because the index contains trigrams.
 */
export function wordPatterns(query = ''): string[] {
  return query
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => `%${word.length < 3 ? ' ' : ''}${literal(word)}%`);
}
