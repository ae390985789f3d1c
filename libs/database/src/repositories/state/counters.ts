import type { EntityManager } from 'typeorm';

/** Sums differences per key and writes them in key order, so that concurrent transactions do not deadlock. */
export class Tally {
  private readonly counts = new Map<string, { key: readonly (string | number)[]; count: number }>();

  add(key: readonly (string | number)[], difference: number): void {
    const text = JSON.stringify(key);
    const entry = this.counts.get(text) ?? { key, count: 0 };
    entry.count += difference;
    this.counts.set(text, entry);
  }

  /** Keys with a difference, sorted. */
  entries(): { key: readonly (string | number)[]; count: number }[] {
    return [...this.counts.entries()]
      .filter(([, { count }]) => count !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, entry]) => entry);
  }
}

/** Adds to stage counters; keys are (batch, index, state). */
export async function addStageCounts(manager: EntityManager, tally: Tally): Promise<void> {
  const entries = tally.entries();
  if (entries.length === 0) return;
  await manager.query(
    `insert into batch_stage_counts (batch_id, index, state, count)
     select * from unnest($1::int[], $2::int[], $3::text[], $4::int[])
     on conflict (batch_id, index, state) do update set count = batch_stage_counts.count + excluded.count`,
    [...[0, 1, 2].map((part) => entries.map(({ key }) => key[part])), entries.map(({ count }) => count)],
  );
}

/** Adds to mark counters; keys are (batch, index, mark). */
export async function addMarkCounts(manager: EntityManager, tally: Tally): Promise<void> {
  const entries = tally.entries();
  if (entries.length === 0) return;
  await manager.query(
    `insert into batch_mark_counts (batch_id, index, mark, count)
     select * from unnest($1::int[], $2::int[], $3::text[], $4::int[])
     on conflict (batch_id, index, mark) do update set count = batch_mark_counts.count + excluded.count`,
    [...[0, 1, 2].map((part) => entries.map(({ key }) => key[part])), entries.map(({ count }) => count)],
  );
}

/** Adds to run counters; keys are (batch, state). */
export async function addRunCounts(manager: EntityManager, tally: Tally): Promise<void> {
  const entries = tally.entries();
  if (entries.length === 0) return;
  await manager.query(
    `insert into batch_run_counts (batch_id, state, count)
     select * from unnest($1::int[], $2::text[], $3::int[])
     on conflict (batch_id, state) do update set count = batch_run_counts.count + excluded.count`,
    [...[0, 1].map((part) => entries.map(({ key }) => key[part])), entries.map(({ count }) => count)],
  );
}

/** Groups items by a key, in the order in which the keys first appear. */
export function groupBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
