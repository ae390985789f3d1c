import type { MediaFileSearch } from '#libs/contracts';
import { fitting, newestRun, Values, wordPatterns } from './media-file-search.js';
import type { PageRange } from '../search/page-range.js';
import type { Scope } from '../search/text-search.js';

/** Candidates for a page, in the order of an index. */
interface Candidates {
  readonly from: string;
  /** The media file ID. */
  readonly key: string;
  readonly conditions: readonly string[];
}

const NO_DRAFT = `s.batch_id <> all (array(select id from batches where state = 'draft'))`;

/** Statement for the `id` of each media file of a search page, in order. */
export function chooseMediaFiles(
  search: MediaFileSearch,
  { after, limit }: PageRange,
  { within, files }: Scope = {},
): { readonly text: string; readonly values: readonly unknown[] } {
  const values = new Values();
  const { from, key, conditions } = candidates(search, files, values);
  const first = after ?? 0;
  const range = [
    `${key} > ${values.add(first)}`,
    ...(within === undefined ? [] : [`${key} <= ${values.add(first + within)}`]),
  ];
  const texts = files ? [] : fitting(wordPatterns(search.query), values);
  // `offset 0` prevents flattening: whatever the statistics say, the first part is read in index order and only as far
  // as the page needs.
  const fits = `cross join lateral (select from media_files m where m.id = ${key} and ${texts.join(' and ')} offset 0) fits`;
  const text = `select ${key} as id from ${from} ${texts.length > 0 ? fits : ''}
    where ${[...range, ...conditions].join(' and ')} order by ${key} limit ${values.add(limit)}`;
  return { text, values: values.list };
}

function candidates(search: MediaFileSearch, files: readonly string[] | undefined, values: Values): Candidates {
  const { collection } = search;
  if (collection === undefined) return ofStatus(search, files, values);
  if (!files && search.status === undefined)
    return {
      from: 'collection_files c',
      key: 'c.media_file_id',
      conditions: [`c.collection_id = ${values.add(collection)}`],
    };
  const { from, key, conditions } = ofStatus(search, files, values);
  return {
    from: `${from} join collection_files c on c.media_file_id = ${key}`,
    key,
    conditions: [...conditions, `c.collection_id = ${values.add(collection)}`],
  };
}

function ofStatus({ status }: MediaFileSearch, files: readonly string[] | undefined, values: Values): Candidates {
  if (files) {
    const from = `unnest(${values.add(files)}::bigint[]) as f(id)`;
    if (status === undefined) return { from, key: 'f.id', conditions: [] };
    const state = status === 'never' ? 'newest.state is null' : `newest.state = ${values.add(status)}`;
    return { from: from + newestRun('f.id'), key: 'f.id', conditions: [state] };
  }
  if (status === undefined) return { from: 'media_files k', key: 'k.id', conditions: [] };
  if (status === 'never') {
    const from = `untouched_files u ${newestRun('u.media_file_id')}`;
    return { from, key: 'u.media_file_id', conditions: ['newest.state is null'] };
  }
  return {
    from: `runs s ${newestRun('s.media_file_id')}`,
    key: 's.media_file_id',
    // Drafts are excluded before the lookup, because they can be large.
    conditions: [`s.state = ${values.add(status)}`, NO_DRAFT, 'newest.batch_id = s.batch_id'],
  };
}
