import type { EntityManager } from 'typeorm';
import { Tally } from '../state/counters.js';
import type { AppliedChange } from './recorded-stages.js';
import type { StageChange } from './stage-change.js';

/** The failures that a transaction adds to one group. */
interface NewFailures {
  readonly first: StageChange;
  /** Milliseconds since 1970. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Null: the failures occurred on several workers. */
  readonly worker: string | null;
}

/** A group that only loses failures exists already and keeps its sample; its inserted `app` is empty. */
const GROUPS = `
  insert into error_groups
    (batch_id, index, fingerprint, app, outcome, sentence, count, first_seen_at, last_seen_at, worker)
  select * from unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[],
    $8::timestamptz[], $9::timestamptz[], $10::text[])
  on conflict (batch_id, index, fingerprint) do update set count = error_groups.count + excluded.count,
    first_seen_at = least(error_groups.first_seen_at, excluded.first_seen_at),
    last_seen_at = greatest(error_groups.last_seen_at, excluded.last_seen_at),
    worker = case
      when excluded.app = '' then error_groups.worker
      when error_groups.count = 0 or error_groups.worker = excluded.worker then excluded.worker
    end`;

/** Adds failures to their groups, and removes failures that a newer attempt replaces. */
export async function groupErrors(manager: EntityManager, applied: readonly AppliedChange[]): Promise<void> {
  const tally = new Tally();
  const newFailures = new Map<string, NewFailures>();
  for (const { change, oldState, oldFingerprint } of applied) {
    const { batch, index, fingerprint } = change;
    if (oldState === 'failed' && oldFingerprint !== null) tally.add([batch, index, oldFingerprint], -1);
    if (change.state === 'failed' && fingerprint !== null) {
      const key = [batch, index, fingerprint];
      tally.add(key, 1);
      newFailures.set(JSON.stringify(key), join(newFailures.get(JSON.stringify(key)), change));
    }
  }
  const entries = tally.entries();
  if (entries.length === 0) return;
  const newOf = entries.map(({ key }) => newFailures.get(JSON.stringify(key)));
  await manager.query(GROUPS, [
    ...[0, 1, 2].map((part) => entries.map(({ key }) => key[part])),
    newOf.map((added) => added?.first.app ?? ''),
    newOf.map((added) => added?.first.outcome ?? ''),
    newOf.map((added) => added?.first.sentence ?? ''),
    entries.map(({ count }) => count),
    newOf.map((added) => (added ? new Date(added.firstSeen).toISOString() : 'infinity')),
    newOf.map((added) => (added ? new Date(added.lastSeen).toISOString() : '-infinity')),
    newOf.map((added) => added?.worker ?? null),
  ]);
}

function join(before: NewFailures | undefined, change: StageChange): NewFailures {
  const { worker } = change;
  const seen = change.settledAt ?? Date.now();
  if (!before) return { first: change, firstSeen: seen, lastSeen: seen, worker };
  return {
    first: before.first,
    firstSeen: Math.min(before.firstSeen, seen),
    lastSeen: Math.max(before.lastSeen, seen),
    worker: before.worker === worker ? worker : null,
  };
}

/** Removes failures that a newer attempt replaces from their groups; keys are (batch, index, fingerprint). */
export async function leaveErrorGroups(manager: EntityManager, tally: Tally): Promise<void> {
  const entries = tally.entries();
  if (entries.length === 0) return;
  await manager.query(
    `update error_groups e set count = e.count + left_by.count
     from unnest($1::int[], $2::int[], $3::text[], $4::int[]) as left_by(batch, index, fingerprint, count)
     where e.batch_id = left_by.batch and e.index = left_by.index and e.fingerprint = left_by.fingerprint`,
    [...[0, 1, 2].map((part) => entries.map(({ key }) => key[part])), entries.map(({ count }) => count)],
  );
}
