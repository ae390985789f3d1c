import type { EntityManager } from 'typeorm';
import { lowestPass } from './lowest-active-pass.js';

/** A batch that comes back begins beside the active one that is served next, not far ahead of it. */
export async function wakeBatch(manager: EntityManager, batch: number): Promise<void> {
  await manager.query(`update batches set pass = greatest(pass, (${lowestPass('$1')})) where id = $1`, [batch]);
}
