import type pg from 'pg';
import { type StageEvent, stageEventRank } from '#libs/contracts';

const time = (milliseconds: number | undefined) => (milliseconds === undefined ? null : new Date(milliseconds));

/** The columns that Chowda's recorder writes for a stage run; the first two are the key. */
const COLUMNS: readonly (readonly [name: string, type: string, value: (event: StageEvent) => unknown])[] = [
  ['run_id', 'bigint', ({ run }) => run],
  ['index', 'int', ({ index }) => index],
  ['state', 'text', ({ kind }) => (kind === 'started' ? 'running' : kind)],
  ['outcome', 'text', ({ outcome }) => outcome ?? null],
  ['sentence', 'text', ({ sentence }) => sentence ?? null],
  ['http_status', 'int', ({ httpStatus }) => httpStatus ?? null],
  ['generation', 'int', ({ generation }) => generation],
  ['root', 'bigint', ({ root }) => root],
  ['delivery', 'int', ({ delivery }) => delivery],
  ['rank', 'smallint', ({ kind }) => stageEventRank(kind)],
  ['calls', 'int', ({ call }) => call],
  ['worker', 'text', ({ worker }) => worker],
  ['queued_at', 'timestamptz', ({ times }) => time(times.published)],
  ['started_at', 'timestamptz', ({ times }) => time(times.started)],
  ['settled_at', 'timestamptz', ({ times }) => time(times.settled)],
  ['annotations', 'jsonb', ({ counts }) => JSON.stringify(counts ?? {})],
  ['warnings', 'jsonb', ({ warnings }) => JSON.stringify(warnings ?? [])],
  ['notices', 'jsonb', ({ notices }) => JSON.stringify(notices ?? [])],
];
const NAMES = COLUMNS.map(([name]) => name).join(', ');

const UPSERT = `
  insert into stage_runs (${NAMES}, document)
  select * from unnest(
    ${COLUMNS.map(([, type], position) => `$${position + 1}::${type}[]`).join(', ')}, $${COLUMNS.length + 1}::text[])
  on conflict (run_id, index) do update set
    ${COLUMNS.slice(2)
      .map(([name]) => `${name} = excluded.${name}`)
      .join(', ')}, document = excluded.document
  where excluded.rank > stage_runs.rank`;

/** The latest event of each stage: one statement cannot upsert a row twice. */
export function latestOf<Entry extends { readonly event: StageEvent }>(entries: readonly Entry[]): Entry[] {
  const latest = new Map<string, Entry>();
  for (const entry of entries) {
    const key = `${entry.event.run}/${entry.event.index}`;
    const known = latest.get(key);
    if (!known || stageEventRank(entry.event.kind) >= stageEventRank(known.event.kind)) latest.set(key, entry);
  }
  return [...latest.values()];
}

/** Writes one row per stage; the archive must contain the documents of the events. */
export async function writeStatus(client: pg.Client, events: readonly StageEvent[]): Promise<void> {
  const documents = events.map(({ document }) => document?.sha256 ?? null);
  await client.query(UPSERT, [...COLUMNS.map(([, , value]) => events.map(value)), documents]);
}
