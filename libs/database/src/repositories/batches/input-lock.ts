import type { EntityManager } from 'typeorm';

/** Arbitrary, and the same in every process. */
const INPUT_LOCK_KEY = 712_003;

/**
 * From here on, until the end of the transaction, no document is removed: it may let runs begin with documents that it
 * finds. A foreign key would see to that by writing to the row of each document.
 */
export async function keepDocuments(manager: EntityManager): Promise<void> {
  await manager.query('select pg_advisory_xact_lock_shared($1)', [INPUT_LOCK_KEY]);
}

/** From here on, until the end of the transaction, no run is given a document to begin with; those that were are seen. */
export async function keepInputs(manager: EntityManager): Promise<void> {
  await manager.query('select pg_advisory_xact_lock($1)', [INPUT_LOCK_KEY]);
}
