import { pathWith } from '../connection/paths.js';
import { CliError } from '../exit-codes.js';
import { pages, type Session } from '../session.js';

/** Finds the ID of a collection that the user identified by name or ID. */
export const collectionId = (session: Session, nameOrId: string): Promise<number> =>
  idByName(session, 'collection', nameOrId);

/** Finds the ID of a pipeline that the user identified by name or ID; by default only among those not archived. */
export const pipelineId = (session: Session, nameOrId: string, withArchived = false): Promise<number> =>
  idByName(session, 'pipeline', nameOrId, { archived: withArchived ? 'all' : undefined });

async function idByName(
  { api }: Session,
  kind: 'collection' | 'pipeline',
  nameOrId: string,
  filter: Readonly<Record<string, string | undefined>> = {},
): Promise<number> {
  if (/^\d+$/.test(nameOrId)) return Number(nameOrId);
  for await (const items of pages(api, pathWith(`/api/${kind}s`, { query: nameOrId, ...filter }))) {
    const found = (items as { id: number; name: string }[]).find(({ name }) => name === nameOrId);
    if (found) return found.id;
  }
  throw new CliError(`There is no ${kind} "${nameOrId}". "chowda ${kind}s list" shows all ${kind}s.`);
}
