import type { EntityManager } from 'typeorm';
import { Tally } from './counters.js';
import type { AppliedChange } from './recorded-stages.js';
import type { StageChange } from './stage-change.js';

/** Counts failures into their groups, and out of them again when a newer try replaces them. */
export async function groupErrors(manager: EntityManager, applied: readonly AppliedChange[]): Promise<void> {
  const tally = new Tally();
  const samples = new Map<string, StageChange>();
  for (const { change, oldState, oldFingerprint } of applied) {
    const { batch, index, fingerprint } = change;
    if (oldState === 'failed' && oldFingerprint !== null) tally.add([batch, index, oldFingerprint], -1);
    if (change.state === 'failed' && fingerprint !== null) {
      tally.add([batch, index, fingerprint], 1);
      samples.set(JSON.stringify([batch, index, fingerprint]), change);
    }
  }
  const entries = tally.entries();
  if (entries.length === 0) return;
  const sampleOf = entries.map(({ key }) => samples.get(JSON.stringify(key)));
  await manager.query(
    `insert into error_groups (batch_id, index, fingerprint, app, outcome, sentence, count)
     select * from unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[])
     on conflict (batch_id, index, fingerprint) do update set count = error_groups.count + excluded.count`,
    [
      ...[0, 1, 2].map((part) => entries.map(({ key }) => key[part])),
      // A group that only loses a failure is there already and keeps what it says.
      sampleOf.map((sample) => sample?.app ?? ''),
      sampleOf.map((sample) => sample?.outcome ?? ''),
      sampleOf.map((sample) => sample?.sentence ?? ''),
      entries.map(({ count }) => count),
    ],
  );
}

/** Takes failures out of their groups that a newer try replaces; keys are (batch, index, fingerprint). */
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
