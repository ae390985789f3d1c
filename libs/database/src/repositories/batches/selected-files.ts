import { textArray } from '../search/text-array.js';

/** The media files of a new batch, each once. */
export type FileSelection =
  /** GUIDs in row order. */
  | readonly string[]
  | { readonly collection: number }
  /** Files of another batch whose runs ended in this state. */
  | { readonly batch: number; readonly runs: 'failed' | 'done' | 'all' };

/** Whether the files are listed by GUID. */
export const isGuids = (selection: FileSelection): selection is readonly string[] => Array.isArray(selection);

/** Statement for `media_file_id` and its sort key `n`; its parameters are numbered from `first`. */
export function selectedFiles(
  selection: FileSelection,
  first: number,
): { readonly statement: string; readonly parameters: readonly unknown[] } {
  if (isGuids(selection))
    return {
      statement: `select m.id as media_file_id, t.n from unnest($${first}::text[]) with ordinality as t(guid, n)
        join media_files m on m.guid = t.guid`,
      parameters: [textArray(selection)],
    };
  if ('collection' in selection)
    return {
      statement: `select media_file_id, media_file_id as n from collection_files where collection_id = $${first}`,
      parameters: [selection.collection],
    };
  return {
    statement: `select media_file_id, row as n from runs
      where batch_id = $${first} and ($${first + 1}::text = 'all' or state = $${first + 1}::text)`,
    parameters: [selection.batch, selection.runs],
  };
}
