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

/** Columns that refer to documents without a foreign key; see `keepDocuments`. */
const WITHOUT_KEY: readonly Reference[] = [{ table: 'runs', column: 'input_document' }];

/**
 * Condition that no row refers to the document `d`. All foreign keys are read from the schema, because a forgotten
 * table would lose its documents.
 */
async function isUnreferenced(manager: EntityManager): Promise<string> {
  const references = await manager.query<Reference[]>(REFERENCES);
  return [...references, ...WITHOUT_KEY]
    .map(({ table, column }) => `not exists (select 1 from ${table} other where other.${column} = d.sha256)`)
    .join(' and ');
}

/**
 * Deletes those of the documents to which no row refers, and returns their number. A concurrent transaction may be
 * about to refer to one of them. A transaction that archives a document locks its row and sets its time (see
 * `archive`): a locked row is skipped here, a recently locked one is too young, and a row locked here makes that
 * transaction wait and insert the document again. A transaction that sets found documents as inputs of runs blocks this
 * one with `keepDocuments`. Any other transaction has found the document through a row that refers to it, or its
 * foreign key fails. If such a reference is committed after the snapshot of this transaction, this one fails, deletes
 * nothing, and is repeated.
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
