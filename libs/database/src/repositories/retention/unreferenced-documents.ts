import type { EntityManager } from 'typeorm';
import { keepInputs } from '../batches/input-lock.js';

/** A column that refers to documents. */
interface Reference {
  readonly table: string;
  readonly column: string;
}

const REFERENCES = `
  select c.conrelid::regclass::text as table, quote_ident(a.attname) as column
  from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
  where c.contype = 'f' and c.confrelid = 'documents'::regclass order by 1, 2`;

/** What refers to documents without a foreign key; see `keepDocuments`. */
const WITHOUT_KEY: readonly Reference[] = [{ table: 'runs', column: 'input_document' }];

/**
 * Condition under which no row refers to the document `d`. Whatever has a foreign key to documents counts, read from
 * the schema itself: a table that were forgotten here would lose its documents.
 */
async function isUnreferenced(manager: EntityManager): Promise<string> {
  const references = await manager.query<Reference[]>(REFERENCES);
  return [...references, ...WITHOUT_KEY]
    .map(({ table, column }) => `not exists (select 1 from ${table} other where other.${column} = d.sha256)`)
    .join(' and ');
}

/**
 * Removes those of the documents to which no row refers, and returns how many they were.
 *
 * Somebody may be about to refer to one. Who archives a document locks its row in the transaction in which he refers to
 * it, and sets its time (see `archive` of the recorder): a locked row is skipped here, one that was locked a moment ago is
 * too young, and one that is locked here makes him wait and then write it anew. Who lets a run begin with a document that
 * he has found keeps all documents meanwhile. Who refers to one otherwise has found it with another row that refers to it,
 * or is refused by the foreign key; so is this, when such a reference was committed after its snapshot was taken. Then the
 * transaction fails, removes nothing, and is tried again.
 */
export async function removeUnreferenced(manager: EntityManager, documents: readonly string[]): Promise<number> {
  if (documents.length === 0) return 0;
  await keepInputs(manager);
  const [, removed] = await manager.query<[unknown[], number]>(
    `delete from documents where sha256 in (
       select d.sha256 from documents d
       where d.sha256 = any($1) and d.created_at <= now() and ${await isUnreferenced(manager)}
       order by d.sha256 for update of d skip locked
     )`,
    [documents],
  );
  return removed;
}
