import type { EntityManager } from 'typeorm';
import { lowestActivePass } from './lowest-active-pass.js';

/**
 * A batch that joins or resumes gets at least the pass of the batch that is served next; a lower pass would starve the
 * others.
 */
export async function raisePass(manager: EntityManager, batch: number): Promise<void> {
  await manager.query(`update batches set pass = greatest(pass, (${lowestActivePass('$1')})) where id = $1`, [batch]);
}
