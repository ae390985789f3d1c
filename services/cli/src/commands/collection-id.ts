import { CliError } from '../exit-codes.js';
import { pages, pathWith, type Session } from '../session.js';

/** The id of the collection that a person names by its name or id. */
export async function collectionId({ api }: Session, nameOrId: string): Promise<number> {
  if (/^\d+$/.test(nameOrId)) return Number(nameOrId);
  for await (const items of pages(api, pathWith('/api/collections', { query: nameOrId }))) {
    const found = (items as { id: number; name: string }[]).find(({ name }) => name === nameOrId);
    if (found) return found.id;
  }
  throw new CliError(`There is no collection "${nameOrId}": "chowda collections list" shows them.`);
}
