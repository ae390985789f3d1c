import { decodeBody } from './message.js';

/**
 * The random key of a batch, in its slips and events. Ids are counted, so after the database has lost transactions a
 * new batch can have the id of a lost one; then only the key distinguishes them. Absent in messages of services that do
 * not know it.
 */
interface Keyed {
  readonly batchKey?: string | undefined;
}

/** Whether two messages with the same batch id belong to different batches. A message without a key is accepted. */
export const isOtherBatch = (a: Keyed, b: Keyed): boolean =>
  a.batchKey !== undefined && b.batchKey !== undefined && a.batchKey !== b.batchKey;

/** The same for a stored message of STAGES or EVENTS; false for a body that cannot be read. */
export function isOfOtherBatch(body: Uint8Array, batch: Keyed): boolean {
  try {
    const { batchKey } = decodeBody(body).head as { batchKey?: unknown };
    return typeof batchKey === 'string' && isOtherBatch({ batchKey }, batch);
  } catch {
    return false;
  }
}
