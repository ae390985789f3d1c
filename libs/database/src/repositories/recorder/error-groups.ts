import type { EntityManager } from 'typeorm';
import type { StageState } from '#libs/contracts';
import { Tally } from '../state/counters.js';
import type { AppliedChange } from './recorded-stages.js';
import type { StageChange } from '../state/stage-change.js';

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
    (batch_id, index, fingerprint, app, outcome, sentence, count, retrying, first_seen_at, last_seen_at, worker)
  select * from unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[],
    $9::timestamptz[], $10::timestamptz[], $11::text[])
  on conflict (batch_id, index, fingerprint) do update set count = error_groups.count + excluded.count,
    retrying = greatest(error_groups.retrying + excluded.retrying, 0),
    first_seen_at = least(error_groups.first_seen_at, excluded.first_seen_at),
    last_seen_at = greatest(error_groups.last_seen_at, excluded.last_seen_at),
    worker = case
      when excluded.app = '' then error_groups.worker
      when error_groups.count + error_groups.retrying = 0 or error_groups.worker = excluded.worker then excluded.worker
    end`;

/** How the files of error groups change: those that failed for good, and those whose failure is retried. */
export class GroupTally {
  private readonly failed = new Tally();
  private readonly retrying = new Tally();

  /** Counts a stage in its state; only a failed stage and one that is retried belong to a group. */
  add(state: StageState, key: readonly [batch: number, index: number, fingerprint: string], difference: number): void {
    if (state === 'failed') this.failed.add(key, difference);
    if (state === 'retrying') this.retrying.add(key, difference);
  }

  /** Groups with a difference, in the order of the keys. */
  entries(): { key: readonly (string | number)[]; failed: number; retrying: number }[] {
    const groups = new Map<string, { key: readonly (string | number)[]; failed: number; retrying: number }>();
    for (const [part, tally] of [
      ['failed', this.failed],
      ['retrying', this.retrying],
    ] as const) {
      for (const { key, count } of tally.entries()) {
        const text = JSON.stringify(key);
        groups.set(text, { ...(groups.get(text) ?? { key, failed: 0, retrying: 0 }), [part]: count });
      }
    }
    return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  }
}

/**
 * Adds failures to their groups, and removes failures that a newer attempt replaces. An older scheduler does not count
 * retries, so their number could become negative.
 */
export async function groupErrors(manager: EntityManager, applied: readonly AppliedChange[]): Promise<void> {
  const tally = new GroupTally();
  const newFailures = new Map<string, NewFailures>();
  for (const { change, oldState, oldFingerprint } of applied) {
    const { batch, index, fingerprint, state } = change;
    if (oldFingerprint !== null) tally.add(oldState, [batch, index, oldFingerprint], -1);
    if (fingerprint === null) continue;
    tally.add(state, [batch, index, fingerprint], 1);
    if (state !== 'failed' && state !== 'retrying') continue;
    const key = JSON.stringify([batch, index, fingerprint]);
    newFailures.set(key, join(newFailures.get(key), change));
  }
  const entries = tally.entries();
  if (entries.length === 0) return;
  const newOf = entries.map(({ key }) => newFailures.get(JSON.stringify(key)));
  await manager.query(GROUPS, [
    ...[0, 1, 2].map((part) => entries.map(({ key }) => key[part])),
    newOf.map((added) => added?.first.app ?? ''),
    newOf.map((added) => added?.first.outcome ?? ''),
    newOf.map((added) => added?.first.sentence ?? ''),
    entries.map(({ failed }) => failed),
    entries.map(({ retrying }) => retrying),
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

/** Removes failures that a newer attempt replaces, or that are cancelled, from their groups. */
export async function leaveErrorGroups(manager: EntityManager, tally: GroupTally): Promise<void> {
  const entries = tally.entries();
  if (entries.length === 0) return;
  await manager.query(
    `update error_groups e set count = e.count + left_by.failed, retrying = greatest(e.retrying + left_by.retrying, 0)
     from unnest($1::int[], $2::int[], $3::text[], $4::int[], $5::int[])
       as left_by(batch, index, fingerprint, failed, retrying)
     where e.batch_id = left_by.batch and e.index = left_by.index and e.fingerprint = left_by.fingerprint`,
    [
      ...[0, 1, 2].map((part) => entries.map(({ key }) => key[part])),
      entries.map(({ failed }) => failed),
      entries.map(({ retrying }) => retrying),
    ],
  );
}
