import type { MediaFileSearch } from '#libs/contracts';
import { SEARCHED } from './media-file-keys.js';

/** Values of a statement; each one that is added gets its place. */
export class Values {
  readonly list: unknown[] = [];

  /** Adds a value and returns what stands for it. */
  add(value: unknown): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

/** State of the newest run of media file `m`, drafts left out. Not joined away: it is looked up for the rows shown alone. */
export const NEWEST_RUN = `
  left join lateral (
    select r.state from runs r join batches b on b.id = r.batch_id
    where r.media_file_id = m.id and b.state <> 'draft' order by r.batch_id desc limit 1
  ) newest on true`;

/** `from` and `where` that give the media files `m` of a search, with their `newest` run. */
export function searched(
  { query, status, collection }: MediaFileSearch,
  values: Values,
): { from: string; where: string } {
  const conditions = wordPatterns(query ?? '').map((pattern) => `${SEARCHED} like ${values.add(pattern)}`);
  const sources = ['media_files m'];
  if (collection !== undefined) {
    sources.push('join collection_files c on c.media_file_id = m.id');
    conditions.push(`c.collection_id = ${values.add(collection)}`);
  }
  if (status === 'never') conditions.push('newest.state is null');
  else if (status !== undefined) {
    const state = values.add(status);
    // The first of both finds the rows, by an index; the second leaves out those that have run again since.
    conditions.push(`exists (select 1 from runs s where s.state = ${state} and s.media_file_id = m.id)`);
    conditions.push(`newest.state = ${state}`);
  }
  return { from: `${sources.join(' ')} ${NEWEST_RUN}`, where: conditions.join(' and ') || 'true' };
}

/**
 * What `like` has to find for each word of a query. Letters of a word may stand anywhere; one or two letters only where
 * a word begins, since the index knows no shorter pieces than three.
 */
export function wordPatterns(query: string): string[] {
  const words = query.toLowerCase().replaceAll(/[_/]/g, '-').split(/\s+/);
  return words
    .filter((word) => word !== '')
    .map((word) => `%${word.length < 3 ? ' ' : ''}${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
}
