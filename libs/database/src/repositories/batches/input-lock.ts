import type { EntityManager } from 'typeorm';

/** Arbitrary; equal in all processes. */
const INPUT_LOCK_KEY = 712_003;

/**
 * Until the transaction ends, no document is removed, so the caller can set documents that it finds as inputs of runs.
 * A foreign key would achieve the same by writing to the row of each document.
 */
export async function keepDocuments(manager: EntityManager): Promise<void> {
  await manager.query('select pg_advisory_xact_lock_shared($1)', [INPUT_LOCK_KEY]);
}

/** Until the transaction ends, no run gets an input document. Inputs that were already committed are visible. */
export async function keepInputs(manager: EntityManager): Promise<void> {
  await manager.query('select pg_advisory_xact_lock($1)', [INPUT_LOCK_KEY]);
}
