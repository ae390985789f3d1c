import type { EntityManager } from 'typeorm';

/** A batch that comes back begins beside the active one that is served next, not far ahead of it. */
export async function wakeBatch(manager: EntityManager, batch: number): Promise<void> {
  await manager.query(
    `update batches set pass = greatest(pass, (
       select min(other.pass) from batches other
       where other.state = 'running' and other.paused_at is null and other.id <> $1
     )) where id = $1`,
    [batch],
  );
}
