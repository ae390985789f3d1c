import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { type Page, type RunRow, type RunState, STREAMS } from '#libs/contracts';
import { AuditRepository } from '#libs/database';
import { NatsLink } from '#libs/messaging';
import { createLogger } from '#libs/runtime';
import { isFullRun, waitFor } from '#libs/testing';
import type { Answer } from '../http-client.js';
import { record } from '../recorded-stage.js';
import { KillStage, type Place, type Send } from './kill-stage.js';

const GUIDS = ['cpb-a', 'cpb-b', 'cpb-c', 'cpb-d'];
const [FROZEN, SILENT] = ['shots|app-error|frozen', 'shots|app-error|silent'];
const MINUTE = 60_000;

/** Points of the kill. The statements are those of the scheduler, which continues and whose answer is lost. */
const PLACES: readonly Place[] = [
  'insert on command_keys',
  'insert on operator_actions',
  'update on command_keys',
  'answered',
];
const GROUP = { fingerprint: FROZEN };
/** In `npm test`, each place occurs with one of the two selections. */
const CASES = PLACES.flatMap((place, nth) => {
  const group = { place, what: 'a group', body: GROUP, again: 2 };
  const all = { place, what: 'all failed', body: {}, again: 3 };
  if (isFullRun) return [group, all];
  return nth % 2 === 0 ? [group] : [all];
});

let stage: KillStage;
let link: NatsLink;
/** For each case, its batch and a control batch that is retried without a kill. */
let batches: readonly (readonly [number, number])[];
beforeAll(async () => {
  stage = await KillStage.open(process.env);
  const { app, seed } = stage;
  await seed.client.send('PATCH', `/api/apps/${app}`, { body: { concurrency: 100 } });
  await seed.client.post('/api/pipelines', { name: 'shots', stages: [{ app }, { app }] });
  await seed.mediaFiles(GUIDS);
  const failed = [];
  for (const _ of CASES) failed.push([await failedBatch(), await failedBatch()] as const);
  batches = failed;
  await stage.startScheduler();
  link = await NatsLink.connect(stage.nats.url, 'test', createLogger('test', 'silent'));
}, MINUTE);
afterAll(async () => {
  await link?.close();
  await stage.close();
}, MINUTE);

const runsOf = async (batch: number) =>
  ((await stage.seed.client.get(`/api/batches/${batch}/runs`)).body as Page<RunRow>).items;

/** Its first run is done, two failed in the same way at their second stage, and one in another way. */
async function failedBatch(): Promise<number> {
  const { seed, app } = stage;
  const { id } = await seed.draft('shots', GUIDS);
  await seed.client.post(`/api/batches/${id}/start`);
  const content = Buffer.from('{}');
  const document = createHash('sha256').update(content).digest('hex');
  const stored = { sha256: document, bytes: content.length, encoding: 'identity', content } as const;
  for (const { id: run, row } of await runsOf(id)) {
    await record(seed, id, { app, run, row, document }, [stored]);
    const failure = { state: 'failed', outcome: 'app-error', fingerprint: row < 3 ? FROZEN : SILENT } as const;
    await record(seed, id, { app, run, row, index: 1, document: null, ...(row === 0 ? { document } : failure) });
  }
  return id;
}

/** States of the runs of a batch after admission; retried runs remain in progress. */
async function standing(batch: number): Promise<object> {
  const isSettled = async () => (await runsOf(batch)).every(({ state }) => state !== 'waiting');
  await waitFor(isSettled, { what: `The admission of batch ${batch}` });
  const runs = await stage.seed.query<{ state: RunState; generation: number; row: number }>(
    'select row, state, generation from runs where batch_id = $1 order by row',
    [batch],
  );
  const stages = await stage.seed.query(
    `select r.row, s.index, s.state, s.generation from stage_runs s join runs r on r.id = s.run_id
     where r.batch_id = $1 and s.index = 0 order by r.row`,
    [batch],
  );
  const manager = await link.connection.jetstreamManager();
  const filter = `stage.*.${batch}.>`;
  const { state } = await manager.streams.info(STREAMS.stages.name, { subjects_filter: filter });
  const audit = await stage.seed.app.get(AuditRepository, { strict: false }).audit(batch);
  return {
    runs,
    stages,
    messages: Object.values(state.subjects ?? {}),
    miscounts: audit?.miscounts,
    odd: audit?.inconsistentRuns,
  };
}

describe('a retry that is repeated after a kill of the gateway', () => {
  it.each(CASES.map((given, nth) => ({ ...given, nth })))(
    'runs $what again once when killed at $place',
    async ({ place, body, again, nth }) => {
      const [batch, undisturbed] = batches[nth]!;
      const retry = (id: number): Send => {
        const headers = { 'idempotency-key': randomUUID() };
        return (client) => client.post(`/api/batches/${id}/retry`, body, headers);
      };
      const { client } = await stage.gateway();
      let [expected, stands]: object[] = [];
      let answers: readonly Answer[] = [];
      const rows = await stage.rowsOf(async () => {
        await retry(undisturbed)(client);
        expected = await standing(undisturbed);
      });
      const rowsOfKilled = await stage.rowsOf(async () => {
        answers = await stage.killedAt(place, retry(batch));
        stands = await standing(batch);
      });
      expect(rowsOfKilled).toEqual(rows);
      const [first, second] = answers as [Answer, Answer];
      expect(first).toMatchObject({ status: 200, body: { ok: true, count: again } });
      expect([second.status, second.bytes.toString()]).toEqual([first.status, first.bytes.toString()]);
      // The scheduler keeps running and has executed the command of the killed gateway.
      expect(first.headers).toHaveProperty('idempotency-replayed', 'true');
      expect(stands).toEqual(expected);
      expect(stands).toMatchObject({ messages: Array(again).fill(1), miscounts: [], odd: [] });
    },
    2 * MINUTE,
  );
});
