import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Slip } from '#libs/contracts';
import { askOperator } from '#libs/messaging';
import type { RunningService } from '#libs/runtime';
import { waitFor } from '#libs/testing';
import { eventOf, SchedulerStage } from './scheduler-stage.js';

const SLOW = 60_000;

let stage: SchedulerStage;
let scheduler: RunningService;
/** A forgotten transaction of an administrator. */
let other: pg.Client;
let admin: pg.Client;

beforeAll(async () => {
  stage = await SchedulerStage.open();
  await stage.registerApp('shots', 20);
  await stage.registerApp('away', 20);
  other = new pg.Client({ connectionString: stage.database.url });
  await other.connect();
  admin = new pg.Client({ connectionString: stage.database.url });
  await admin.connect();
  scheduler = await stage.startScheduler();
});

afterAll(async () => {
  await other.end();
  await admin.end();
  await scheduler.close();
  await stage.close();
});

async function admitted(prefix: string, files: number, app = 'shots'): Promise<{ batch: number; slips: Slip[] }> {
  const batch = await stage.startBatch(prefix, files, [app]);
  const rows = Array.from({ length: files }, (_, row) => row);
  const found = await Promise.all(rows.map((row) => stage.untilStage(app, batch, row)));
  return { batch, slips: found.map(({ slip }) => slip) };
}

const fail = (slip: Slip) => stage.report(eventOf(slip, { kind: 'failed', outcome: 'invalid-input', sentence: 'No.' }));
const start = (slip: Slip) => stage.report(eventOf(slip, { kind: 'started' }));
const untilStates = (batch: number, states: string[]) =>
  waitFor(async () => (await stage.states(batch)).join() === states.join(), {
    within: SLOW,
    what: `Batch ${batch} being ${states.join()}`,
  });
const stateOf = async (slip: Slip) => (await stage.run(slip.batch, slip.row)).stages[0]!.state;
const deferred = async () => (await other.query('select 1 from deferred_events')).rows.length;

describe('while another transaction locks', () => {
  it(
    'a run, the recorder records all other runs, and that run when the lock is released',
    async () => {
      const { batch, slips } = await admitted('run', 3);
      const elsewhere = await admitted('elsewhere', 1);
      await other.query('begin');
      await other.query('select 1 from runs where id = $1 for update', [slips[0]!.run]);
      for (const slip of [...slips, ...elsewhere.slips]) await start(slip);
      await fail(slips[0]!);
      await fail(slips[1]!);
      await fail(elsewhere.slips[0]!);
      await untilStates(batch, ['running', 'failed', 'running']);
      await untilStates(elsewhere.batch, ['failed']);
      await waitFor(async () => (await deferred()) === 2, { within: SLOW, what: 'Two deferred events' });
      expect(await stateOf(slips[0]!)).toBe('queued');

      await other.query('commit');
      await untilStates(batch, ['failed', 'failed', 'running']);
      expect(await deferred()).toBe(0);
    },
    SLOW,
  );

  it(
    'a run for a minute, explain and the batch name the session that holds the lock',
    async () => {
      const { batch, slips } = await admitted('named', 1);
      await other.query('begin');
      await other.query('select 1 from runs where id = $1 for update', [slips[0]!.run]);
      await fail(slips[0]!);
      await waitFor(async () => (await deferred()) === 1, { within: SLOW, what: 'A deferred event' });
      await admin.query("update deferred_events set deferred_at = now() - interval '1 minute'");
      const { rows: sessions } = await other.query<{ pid: number }>('select pg_backend_pid() as pid');
      const named = `session ${sessions[0]!.pid} of user `;
      for (const request of [{ batch }, { run: slips[0]!.run }]) {
        const { reason, nextAction } = await askOperator(stage.link.connection, 'explain', request, SLOW);
        expect(reason).toContain(named);
        expect(nextAction).toContain(`pg_terminate_backend(${sessions[0]!.pid})`);
      }
      const block = async () =>
        (await admin.query('select reason from batch_blocks where batch_id = $1', [batch])).rows;
      await waitFor(async () => (await block())[0]?.reason.includes(named), {
        within: SLOW,
        what: 'The stored reason',
      });
      await other.query('commit');
      await untilStates(batch, ['failed']);
    },
    SLOW,
  );

  it(
    'a batch, the recorder records all other batches, and that batch when the lock is released',
    async () => {
      const { batch, slips } = await admitted('batch', 2);
      const elsewhere = await admitted('other', 1);
      await other.query('begin');
      await other.query('select 1 from batches where id = $1 for update', [batch]);
      for (const slip of [...slips, ...elsewhere.slips]) await fail(slip);
      await untilStates(elsewhere.batch, ['failed']);
      expect(await stage.states(batch)).toEqual(['running', 'running']);

      await other.query('commit');
      await untilStates(batch, ['failed', 'failed']);
    },
    SLOW,
  );

  it(
    'a run whose app is unreachable, its deferred failure does not count as an attempt either',
    async () => {
      const { batch, slips } = await admitted('unreachable', 2, 'away');
      const now = Date.now();
      const times = { published: now, started: now, settled: now };
      const unreachable = { kind: 'failed', outcome: 'unreachable', unreached: 'connection', times } as const;
      await other.query('begin');
      await other.query('select 1 from runs where id = $1 for update', [slips[0]!.run]);
      for (const slip of slips) await stage.report(eventOf(slip, { ...unreachable, sentence: 'No connection.' }));
      await waitFor(async () => (await deferred()) === 1, { within: SLOW, what: 'A deferred event' });
      await other.query('commit');
      await waitFor(async () => (await deferred()) === 0, { within: SLOW });
      const { rows } = await other.query('select state, attempt from runs where batch_id = $1', [batch]);
      expect(rows).toEqual(Array(2).fill({ state: 'waiting', attempt: 0 }));
    },
    SLOW,
  );

  it(
    'a run, a deferred event that cannot be read is parked, and the other events of the run are recorded',
    async () => {
      const { batch, slips } = await admitted('unreadable', 1);
      await other.query('begin');
      await other.query('select 1 from runs where id = $1 for update', [slips[0]!.run]);
      await fail(slips[0]!);
      await waitFor(async () => (await deferred()) === 1, { within: SLOW, what: 'A deferred event' });
      await other.query(
        `insert into deferred_events (stream_created, sequence, run_id, subject, body)
         select stream_created, 1, run_id, 'events.unreadable', 'garbage' from deferred_events`,
      );
      await other.query('commit');
      await untilStates(batch, ['failed']);
      await waitFor(async () => (await deferred()) === 0, { within: SLOW, what: 'No deferred events' });
      const { rows } = await other.query('select body, reason from recorder_parked where sequence = 1');
      expect(rows).toEqual([{ body: Buffer.from('garbage'), reason: expect.stringMatching(/./) }]);
    },
    SLOW,
  );
});
