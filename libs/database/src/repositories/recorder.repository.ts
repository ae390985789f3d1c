import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RunState, StageState } from '#libs/contracts';
import { addRunCounts, addStageCounts, groupBy, Tally } from './counters.js';
import { type RunRow, runTransition, type RunUpdate } from './run-transition.js';
import type { ArchivedDocument, BatchChange, StageChange } from './stage-change.js';

/** How far the recorder has come on a stream. */
export interface RecorderCursor {
  readonly stream: string;
  /** When the stream was created: a stream made again counts from 1. */
  readonly streamCreated: string;
  readonly sequence: number;
}

interface AppliedChange {
  readonly change: StageChange;
  readonly oldState: StageState;
  readonly oldFingerprint: string | null;
}

/** Writes what happened: the only writer of stage runs, run outcomes, error groups and archived documents. */
@Injectable()
export class RecorderRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Applies changes in one transaction: documents, stage runs, runs, counters, batch versions and the cursor.
   * Changes older than what stands are dropped, so that applying twice is the same as once. At most one change
   * per stage run. Returns what changed, per batch.
   */
  record(
    changes: readonly StageChange[],
    documents: readonly ArchivedDocument[],
    cursor: RecorderCursor,
  ): Promise<BatchChange[]> {
    return this.dataSource.transaction(async (manager) => {
      // Runs first: admission holds their locks while it publishes, and writes their first stage afterwards.
      const runs = await lockRuns(manager, changes);
      await archive(manager, documents);
      const applied = await upsertStages(manager, changes);
      const updates = await updateRuns(manager, runs, applied);
      await count(manager, applied, updates);
      await groupErrors(manager, applied);
      await moveCursor(manager, cursor);
      return raiseVersions(manager, applied);
    });
  }

  /** Puts an event aside that cannot be read or applied, and goes on after it. */
  async park(event: RecorderCursor & { subject: string; reason: string; body: Uint8Array }): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query(
        `insert into recorder_parked (stream_created, sequence, subject, reason, body)
         values ($1, $2, $3, $4, $5) on conflict do nothing`,
        [event.streamCreated, event.sequence, event.subject, event.reason, Buffer.from(event.body)],
      );
      await moveCursor(manager, event);
    });
  }
}

async function lockRuns(manager: EntityManager, changes: readonly StageChange[]): Promise<Map<number, RunRow>> {
  const ids = [...new Set(changes.map(({ run }) => run))];
  const rows = await manager.query<
    { id: string; batch_id: number; state: RunState; generation: number; root: string; next_index: number }[]
  >(`select id, batch_id, state, generation, root, next_index from runs where id = any($1) order by id for update`, [
    ids,
  ]);
  return new Map(
    rows.map((row) => [
      Number(row.id),
      {
        id: Number(row.id),
        batch: row.batch_id,
        state: row.state,
        generation: row.generation,
        root: row.root,
        nextIndex: row.next_index,
      },
    ]),
  );
}

async function archive(manager: EntityManager, documents: readonly ArchivedDocument[]): Promise<void> {
  if (documents.length === 0) return;
  await manager.query(
    `insert into documents (sha256, bytes, encoding, content)
     select * from unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[]) on conflict do nothing`,
    [
      documents.map(({ sha256 }) => sha256),
      documents.map(({ bytes }) => bytes),
      documents.map(({ encoding }) => encoding),
      documents.map(({ content }) => content),
    ],
  );
}

const time = (milliseconds: number | null) => (milliseconds === null ? null : new Date(milliseconds));

/** Columns of stage_runs with their type and the value of a change; the first two are the key. */
const STAGE_COLUMNS: readonly (readonly [name: string, type: string, value: (change: StageChange) => unknown])[] = [
  ['run_id', 'bigint', (change) => change.run],
  ['index', 'int', (change) => change.index],
  ['state', 'text', (change) => change.state],
  ['outcome', 'text', (change) => change.outcome],
  ['sentence', 'text', (change) => change.sentence],
  ['fingerprint', 'text', (change) => change.fingerprint],
  ['trace', 'text', (change) => change.trace],
  ['http_status', 'int', (change) => change.httpStatus],
  ['generation', 'int', (change) => change.generation],
  ['root', 'bigint', (change) => change.root],
  ['delivery', 'int', (change) => change.delivery],
  ['rank', 'smallint', (change) => change.rank],
  ['calls', 'int', (change) => change.calls],
  ['worker', 'text', (change) => change.worker],
  ['queued_at', 'timestamptz', (change) => time(change.queuedAt)],
  ['started_at', 'timestamptz', (change) => time(change.startedAt)],
  ['settled_at', 'timestamptz', (change) => time(change.settledAt)],
  ['annotations', 'jsonb', (change) => JSON.stringify(change.annotations)],
  ['warnings', 'jsonb', (change) => JSON.stringify(change.warnings)],
  ['document', 'text', (change) => change.document],
];

const UPSERT_STAGES = `
  with incoming as (
    select * from unnest(${STAGE_COLUMNS.map(([, type], position) => `$${position + 1}::${type}[]`).join(', ')})
      as t(${STAGE_COLUMNS.map(([name]) => name).join(', ')})
  ), old as (
    select s.run_id, s.index, s.state, s.fingerprint from stage_runs s join incoming using (run_id, index)
  ), written as (
    insert into stage_runs (${STAGE_COLUMNS.map(([name]) => name).join(', ')})
    select * from incoming order by run_id, index
    on conflict (run_id, index) do update set
      ${STAGE_COLUMNS.slice(2)
        .map(([name]) => `${name} = excluded.${name}`)
        .join(', ')}
    where (excluded.generation, excluded.root, excluded.delivery, excluded.rank)
      > (stage_runs.generation, stage_runs.root, stage_runs.delivery, stage_runs.rank)
    returning run_id, index
  )
  select w.run_id, w.index, old.state as old_state, old.fingerprint as old_fingerprint
  from written w left join old using (run_id, index)`;

async function upsertStages(manager: EntityManager, changes: readonly StageChange[]): Promise<AppliedChange[]> {
  const parameters = STAGE_COLUMNS.map(([, , value]) => changes.map(value));
  const rows = await manager.query<
    { run_id: string; index: number; old_state: StageState | null; old_fingerprint: string | null }[]
  >(UPSERT_STAGES, parameters);
  const byKey = new Map(changes.map((change) => [`${change.run}/${change.index}`, change]));
  return rows.map((row) => ({
    change: byKey.get(`${row.run_id}/${row.index}`)!,
    oldState: row.old_state ?? 'waiting',
    oldFingerprint: row.old_fingerprint,
  }));
}

async function updateRuns(
  manager: EntityManager,
  runs: ReadonlyMap<number, RunRow>,
  applied: readonly AppliedChange[],
): Promise<RunUpdate[]> {
  const changesByRun = groupBy(
    applied.map(({ change }) => change),
    ({ run }) => run,
  );
  const updates = [...changesByRun].flatMap(([id, changes]) => runTransition(runs.get(id)!, changes) ?? []);
  if (updates.length === 0) return [];
  await manager.query(
    `update runs r set state = u.state, generation = u.generation, root = u.root, next_index = u.next_index,
       sentence = u.sentence, finished_at = case when u.state = 'running' then null else now() end
     from unnest($1::bigint[], $2::text[], $3::int[], $4::bigint[], $5::int[], $6::text[])
       as u(id, state, generation, root, next_index, sentence)
     where r.id = u.id`,
    [
      updates.map(({ id }) => id),
      updates.map(({ to }) => to),
      updates.map(({ generation }) => generation),
      updates.map(({ root }) => root),
      updates.map(({ nextIndex }) => nextIndex),
      updates.map(({ sentence }) => sentence),
    ],
  );
  return updates;
}

async function count(
  manager: EntityManager,
  applied: readonly AppliedChange[],
  updates: readonly RunUpdate[],
): Promise<void> {
  const stages = new Tally();
  for (const { change, oldState } of applied) {
    stages.add([change.batch, change.index, oldState], -1);
    stages.add([change.batch, change.index, change.state], 1);
  }
  const runs = new Tally();
  for (const { batch, from, to } of updates) {
    runs.add([batch, from], -1);
    runs.add([batch, to], 1);
  }
  await addStageCounts(manager, stages);
  await addRunCounts(manager, runs);
}

async function groupErrors(manager: EntityManager, applied: readonly AppliedChange[]): Promise<void> {
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
  for (const { key, count: difference } of tally.entries()) {
    const sample = samples.get(JSON.stringify(key));
    await manager.query(
      `insert into error_groups (batch_id, index, fingerprint, app, outcome, sentence, count)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (batch_id, index, fingerprint) do update set count = error_groups.count + excluded.count`,
      [...key, sample?.app ?? '', sample?.outcome ?? '', sample?.sentence ?? '', difference],
    );
  }
}

async function moveCursor(manager: EntityManager, { stream, streamCreated, sequence }: RecorderCursor): Promise<void> {
  await manager.query(
    `insert into recorder_cursor (stream, stream_created, sequence) values ($1, $2, $3)
     on conflict (stream) do update set stream_created = excluded.stream_created, sequence = excluded.sequence`,
    [stream, streamCreated, sequence],
  );
}

async function raiseVersions(manager: EntityManager, applied: readonly AppliedChange[]): Promise<BatchChange[]> {
  const byBatch = groupBy(
    applied.map(({ change }) => change),
    ({ batch }) => batch,
  );
  if (byBatch.size === 0) return [];
  const [rows] = await manager.query<[{ id: number; version: string }[], number]>(
    `update batches b set version = b.version + 1,
       state = case when open.count > 0 then 'running' else 'finished' end,
       finished_at = case when open.count > 0 then null else now() end
     from (
       select batch_id, sum(count) filter (where state in ('waiting', 'running')) as count
       from batch_run_counts where batch_id = any($1) group by batch_id
     ) open
     where b.id = open.batch_id returning b.id, b.version`,
    [[...byBatch.keys()].sort((a, b) => a - b)],
  );
  return rows.map(({ id, version }) => ({
    batch: id,
    from: Number(version) - 1,
    to: Number(version),
    cells: byBatch.get(id)!.map(({ row, index, state }) => ({ row, index, state })),
  }));
}
