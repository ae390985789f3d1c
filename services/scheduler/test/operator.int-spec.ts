import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  type BatchControl,
  batchControlSchema,
  type BatchSummary,
  type KeyedCommandAnswer,
  deadSubject,
  decodeBody,
  encodeBody,
  type Explanation,
  liveCommitSchema,
  liveSubject,
  type OperatorRequest,
  type OperatorVerb,
  type Slip,
  STREAMS,
  unpackCells,
} from '#libs/contracts';
import { askOperator, Control, readLast } from '#libs/messaging';
import type { RunningService } from '#libs/runtime';
import { waitFor } from '#libs/testing';
import { eventOf, INSTALLATION_OF_OTHERS, SchedulerStage } from './scheduler-stage.js';

const ROUTE = ['shots', 'text'];
const WITHIN = 10_000;
const OUTPUT = Buffer.from('{"views": ["shots"]}');

let stage: SchedulerStage;
let scheduler: RunningService;
let postgres: pg.Client;
let control: Control;
let batches = 0;

beforeAll(async () => {
  stage = await SchedulerStage.open();
  for (const app of ROUTE) await stage.registerApp(app, 5);
  postgres = new pg.Client({ connectionString: stage.database.url });
  await postgres.connect();
  scheduler = await stage.startScheduler();
  control = await Control.open(stage.link.connection);
});
afterAll(async () => {
  await postgres.end();
  await scheduler.close();
  await stage.close();
});

const ask = <Verb extends OperatorVerb>(verb: Verb, request: Partial<OperatorRequest<Verb>>) =>
  askOperator(stage.link.connection, verb, { actor: 'kc', ...request }, WITHIN);
const command = (verb: 'replay' | 'redrive' | 'cancel' | 'pause' | 'resume', request: object) =>
  ask(verb, request) as Promise<KeyedCommandAnswer>;
const explain = (request: OperatorRequest<'explain'>): Promise<Explanation> =>
  askOperator(stage.link.connection, 'explain', request, WITHIN);
const orders = async (batch: number): Promise<BatchControl | undefined> =>
  (await control.batches()).find((order) => order.batch === batch);

/** A started batch whose files are queued for their first stage; returns its slips by row. */
async function admitted(files = 1): Promise<{ batch: number; slips: Slip[] }> {
  const batch = await stage.startBatch(`op${(batches += 1)}`, files, ROUTE);
  const rows = Array.from({ length: files }, (_, row) => row);
  const found = await Promise.all(rows.map((row) => stage.untilStage('shots', batch, row)));
  return { batch, slips: found.map(({ slip }) => slip) };
}

async function reportDone(slip: Slip): Promise<void> {
  const output = await stage.link.documents.pack(slip, OUTPUT);
  await stage.report(eventOf(slip, {}, output), output.inline);
}
const fail = (slip: Slip, outcome: 'invalid-output' | 'crash-loop' = 'invalid-output') =>
  stage.report(eventOf(slip, { kind: 'failed', outcome, sentence: 'No codec.', fingerprint: 'shots|no codec' }));
const untilState = (batch: number, row: number, state: string) =>
  waitFor(async () => (await stage.states(batch))[row] === state, { what: `Row ${row} being ${state}` });
const untilGeneration = (app: string, { batch, row }: Slip, above: number) =>
  waitFor(async () =>
    (await stage.stages(app)).find(({ slip }) => slip.batch === batch && slip.row === row && slip.generation > above),
  );

/** Collects the live messages about a batch. */
function followLive(batch: number) {
  const latest: { summary: BatchSummary | null; cells: Map<string, string> } = { summary: null, cells: new Map() };
  const subscription = stage.link.connection.subscribe(liveSubject(batch), {
    callback: (_, message) => {
      const { head, rest } = decodeBody(message.data);
      latest.summary = liveCommitSchema.parse(head).summary;
      for (const { row, index, state } of unpackCells(rest, ROUTE.length)) latest.cells.set(`${row}/${index}`, state);
    },
  });
  return { latest, stop: () => subscription.unsubscribe() };
}

/** Dead-letters a message like a worker. */
async function deadLetter(slip: Slip, reason: string, body: Uint8Array = encodeBody(slip, OUTPUT)): Promise<number> {
  const headers = { 'Chowda-Reason': reason, 'Chowda-Error': 'For a reason.', 'Chowda-Orig-Seq': '7' };
  return stage.link.publisher.publish(deadSubject('shots', slip), body, { headers });
}

describe('pause and resume', () => {
  it('of a batch reach its workers and viewers, and stop its runs in between', async () => {
    const { batch, slips } = await admitted(1);
    const live = followLive(batch);
    const answer = await command('pause', { batch });
    expect(answer).toMatchObject({ ok: true, count: 1, sentence: expect.stringContaining(`Batch ${batch} is paused`) });
    expect(await orders(batch)).toMatchObject({ paused: true, cancelledGeneration: 0 });
    await waitFor(() => live.latest.summary?.paused?.by === 'kc');
    // Its worker parks it.
    await stage.report(eventOf(slips[0]!, { kind: 'parked' }));
    await untilState(batch, 0, 'waiting');
    expect(await explain({ run: slips[0]!.run })).toMatchObject({
      state: 'paused',
      reason: expect.stringContaining(`Batch ${batch} was paused by kc`),
    });
    expect((await command('pause', { batch })).sentence).toContain('was already paused by kc');

    await command('resume', { batch });
    expect(await orders(batch)).toMatchObject({ paused: false });
    await untilGeneration('shots', slips[0]!, 1);
    await waitFor(() => live.latest.summary !== null && live.latest.summary.paused === undefined);
    live.stop();
    await fail({ ...slips[0]!, generation: 2 });
  });

  it('of an app reach its workers, stop admission of runs whose next stage needs it, and explain why', async () => {
    await command('pause', { app: 'shots', why: 'GPU maintenance' });
    const apps: unknown[] = [];
    const watch = await control.watchApps((app) => apps.push(app));
    expect(apps).toContainEqual(expect.objectContaining({ slug: 'shots', paused: true }));
    const batch = await stage.startBatch('behind', 1, ROUTE);
    const run = (await stage.run(batch, 0)).id;
    expect(await explain({ run })).toMatchObject({
      state: 'waiting',
      reason: expect.stringMatching(/shots was paused by kc .*: GPU maintenance\.$/),
    });
    expect(await explain({ app: 'shots' })).toMatchObject({ state: 'paused' });
    expect(await explain({ batch })).toMatchObject({ state: 'blocked' });

    await command('resume', { app: 'shots' });
    const { slip } = await stage.untilStage('shots', batch, 0);
    await waitFor(() =>
      apps.some(
        (app) => (app as { slug: string; paused: boolean }).slug === 'shots' && !(app as { paused: boolean }).paused,
      ),
    );
    watch.stop();
    await fail(slip);
  });
});

describe('replay', () => {
  it('runs a failed run again immediately from where it failed, and publishes that live', async () => {
    const { batch, slips } = await admitted(2);
    await reportDone(slips[0]!);
    await waitFor(async () => (await stage.run(batch, 0)).stages[1]!.state === 'queued');
    await fail({ ...slips[0]!, index: 1 });
    await untilState(batch, 0, 'failed');
    const live = followLive(batch);
    const dry = await command('replay', { run: slips[0]!.run, dryRun: true });
    expect(dry).toMatchObject({ dryRun: true, count: 1, items: [expect.stringContaining('stage 1 (text)')] });
    expect((await stage.states(batch))[0]).toBe('failed');

    expect(await command('replay', { batch, fingerprint: 'shots|no codec' })).toMatchObject({ count: 1 });
    const again = await untilGeneration('text', slips[0]!, 1);
    expect(again).toMatchObject({ slip: { index: 1 }, document: new Uint8Array(OUTPUT) });
    await waitFor(() => live.latest.cells.get('0/1') === 'queued');
    live.stop();
    await fail({ ...again.slip, root: null });
    await fail(slips[1]!);
  });

  it('rejects a run in progress, and unknown runs and batches', async () => {
    const { batch, slips } = await admitted(1);
    await expect(ask('replay', { run: slips[0]!.run })).rejects.toMatchObject({
      code: 409,
      sentence: expect.stringContaining('is running'),
    });
    await expect(ask('replay', { run: 999_999 })).rejects.toMatchObject({
      code: 404,
      sentence: 'There is no run 999999. Check the list of runs.',
    });
    await expect(ask('replay', { batch: 999_999 })).rejects.toMatchObject({ code: 404 });
    expect(await command('replay', { batch })).toMatchObject({ count: 0 });
    await fail(slips[0]!);
  });
});

describe('cancel', () => {
  it('reaches the workers with the cancelled generation, and finishes the batch', async () => {
    const { batch, slips } = await admitted(1);
    expect(await command('cancel', { batch })).toMatchObject({ count: 1 });
    expect(await orders(batch)).toEqual(
      batchControlSchema.parse({
        v: 1,
        installation: slips[0]!.installation,
        batch,
        paused: false,
        cancelledGeneration: 2,
      }),
    );
    expect(await explain({ run: slips[0]!.run })).toMatchObject({ state: 'cancelling' });
    const live = followLive(batch);
    await stage.report(eventOf(slips[0]!, { kind: 'cancelled', outcome: 'cancelled' }));
    await waitFor(() => live.latest.summary?.state === 'finished');
    live.stop();
    await expect(ask('cancel', { batch })).rejects.toMatchObject({
      code: 409,
      sentence: expect.stringContaining('has finished'),
    });
    await expect(ask('cancel', { batch: 999_999 })).rejects.toMatchObject({ code: 404 });
  });
});

describe('redrive', () => {
  it('runs the stage of a dead letter again from the stored input, in a new generation', async () => {
    const { batch, slips } = await admitted(1);
    const sequence = await deadLetter(slips[0]!, 'crash-loop');
    await expect(ask('redrive', { sequence })).rejects.toMatchObject({
      code: 409,
      sentence: expect.stringContaining('is running'),
    });
    await fail(slips[0]!, 'crash-loop');
    await untilState(batch, 0, 'failed');
    expect(await explain({ run: slips[0]!.run })).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining(`dead letter ${sequence}`),
    });
    expect(await command('redrive', { sequence })).toMatchObject({
      count: 1,
      sentence: expect.stringMatching(/^1 run will run again from stage/),
    });
    const { slip } = await untilGeneration('shots', slips[0]!, 1);
    await fail({ ...slip, root: null });
  });

  it('gives the reason why a malformed or foreign letter cannot be redriven', async () => {
    const { slips } = await admitted(1);
    const malformed = await deadLetter(slips[0]!, 'malformed', Buffer.from('{"v": 1'));
    const foreign = await deadLetter({ ...slips[0]!, installation: INSTALLATION_OF_OTHERS }, 'foreign');
    await expect(ask('redrive', { sequence: malformed })).rejects.toMatchObject({
      code: 409,
      sentence: expect.stringContaining('malformed (For a reason.)'),
    });
    await expect(ask('redrive', { sequence: foreign })).rejects.toMatchObject({
      code: 409,
      sentence: expect.stringContaining(INSTALLATION_OF_OTHERS),
    });
    await expect(ask('redrive', { sequence: foreign + 1 })).rejects.toMatchObject({ code: 404 });
    await fail(slips[0]!);
  });

  it('redrives the letters of a batch whose stages are still failed, and names the others', async () => {
    const { batch, slips } = await admitted(4);
    for (const slip of slips) await fail(slip, 'crash-loop');
    for (const row of [0, 1, 2, 3]) await untilState(batch, row, 'failed');
    await deadLetter(slips[0]!, 'crash-loop');
    await deadLetter(slips[0]!, 'crash-loop');
    await deadLetter({ ...slips[1]!, index: 1 }, 'crash-loop');
    await deadLetter(slips[2]!, 'malformed', Buffer.from('nothing'));
    await deadLetter({ ...slips[3]!, run: 999_999 }, 'foreign');
    const dry = await command('redrive', { batch, dryRun: true });
    const answer = await command('redrive', { batch });
    expect(answer).toMatchObject({ count: 1, items: [expect.stringContaining(slips[0]!.guid)] });
    expect(answer.sentence).toContain(`1 run that has continued since is left out: ${slips[1]!.guid}.`);
    expect(answer.sentence).toMatch(/Dead letter \d+ is malformed/);
    expect(answer.sentence).toContain('1 dead letter belongs to an unknown run.');
    expect(dry).toMatchObject({ dryRun: true, count: 1 });
    const { slip } = await untilGeneration('shots', slips[0]!, 1);
    expect(await command('redrive', { batch })).toMatchObject({ count: 0 });
    await fail({ ...slip, root: null });
  });
});

describe('explain', () => {
  it('states for a run in progress whether a worker serves its app, and which one runs the stage', async () => {
    const { batch, slips } = await admitted(1);
    const { run } = slips[0]!;
    expect(await explain({ run })).toMatchObject({
      state: 'queued',
      reason: expect.stringContaining('No running worker serves shots'),
    });
    const message = (await readLast(stage.link.connection, STREAMS.stages.name, `stage.shots.${batch}.${run}.0`))!;
    const heartbeat = { v: 1 as const, installation: 'here', worker: 'w7', apps: ['shots'] };
    await control.putHeartbeat({ ...heartbeat, at: Date.now(), inFlight: [] });
    expect(await explain({ run })).toMatchObject({
      state: 'queued',
      reason: expect.stringContaining('is next in the queue of shots'),
    });
    const held = { run, index: 0, generation: 1, sequence: message.sequence, since: Date.now() };
    await control.putHeartbeat({ ...heartbeat, at: Date.now(), inFlight: [held] });
    expect(await explain({ run })).toMatchObject({
      state: 'running',
      reason: expect.stringContaining('has been running on worker w7 since'),
    });
    await control.removeHeartbeat({ worker: 'w7' });
    expect(await explain({ run })).toMatchObject({ reason: expect.stringContaining('No running worker serves shots') });
    await fail(slips[0]!);
  });

  it('states that a message is lost or a batch is a draft, and rejects unknown names', async () => {
    const { batch, slips } = await admitted(1);
    const { run } = slips[0]!;
    const { streams } = await stage.link.connection.jetstreamManager();
    const message = await readLast(stage.link.connection, STREAMS.stages.name, `stage.shots.${batch}.${run}.0`);
    await streams.deleteMessage(STREAMS.stages.name, message!.sequence);
    expect(await explain({ run })).toMatchObject({ reason: 'The message of stage 0 (shots) is missing from STAGES.' });
    await fail(slips[0]!);
    const draft = await stage.draftBatch('draft', 1, ROUTE);
    expect(await explain({ batch: draft })).toMatchObject({ state: 'draft' });
    for (const request of [{ run: 999_999 }, { batch: 999_999 }, { app: 'nothing' }])
      await expect(explain(request)).rejects.toMatchObject({ code: 404 });
  });
});

describe('audit', () => {
  it('finds differences in one batch and in all, and repairs them on request', async () => {
    const { batch, slips } = await admitted(1);
    await fail(slips[0]!);
    await untilState(batch, 0, 'failed');
    expect(await ask('audit', { batch })).toEqual({ ok: true, batches: 1, disagreements: [], repaired: false });
    await postgres.query("update batch_run_counts set count = 3 where batch_id = $1 and state = 'failed'", [batch]);
    const disagreements = [`Batch ${batch}: 3 runs are counted as failed, but there is 1.`];
    expect(await ask('audit', { batch })).toEqual({ ok: false, batches: 1, disagreements, repaired: false });
    expect(await ask('audit', {})).toMatchObject({ ok: false, disagreements, batches: expect.any(Number) });
    expect(await ask('audit', { repair: true })).toMatchObject({ ok: true, disagreements, repaired: true });
    expect(await ask('audit', {})).toMatchObject({ ok: true, disagreements: [] });
    await expect(ask('audit', { batch: 999_999 })).rejects.toMatchObject({ code: 404 });
  });
});

describe('every command that changes something', () => {
  it('is recorded with its actor', async () => {
    const { rows } = await postgres.query<{ verb: string; actor: string }>(
      "select distinct verb, actor from operator_actions where verb not like '%-%' order by verb",
    );
    const verbs = ['audit', 'cancel', 'pause', 'redrive', 'replay', 'resume'];
    expect(rows).toEqual(verbs.map((verb) => ({ verb, actor: 'kc' })));
  });
});

describe('the control bucket', () => {
  it('is restored from Postgres after it was lost', async () => {
    const { batch, slips } = await admitted(1);
    await command('pause', { batch });
    await control.removeBatch(batch);
    await control.putBatch({ v: 1, installation: 'here', batch: 424_242, paused: true, cancelledGeneration: 0 });
    await scheduler.close();
    scheduler = await stage.startScheduler();
    expect(await orders(batch)).toMatchObject({ paused: true });
    expect(await orders(424_242)).toBeUndefined();
    await command('resume', { batch });
    await fail({ ...slips[0]!, generation: 2 });
  });
});

describe('a command with a key', () => {
  const actions = async (verb: string, batch: number) =>
    (await postgres.query("select 1 from operator_actions where verb = $1 and request->>'batch' = $2", [verb, batch]))
      .rowCount;

  it('is executed once, and answered the same each time', async () => {
    const { batch } = await admitted(2);
    const first = await command('pause', { batch, key: `pause-${batch}` });
    await command('resume', { batch });
    expect(await command('pause', { batch, key: `pause-${batch}` })).toEqual({ ...first, replayed: true });
    expect(await actions('pause', batch)).toBe(1);
    await waitFor(async () => (await orders(batch))?.paused === false);
  });

  it('is executed once when it is sent 50 times at the same time', async () => {
    const { batch } = await admitted(1);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => command('cancel', { batch, key: `cancel-${batch}` })),
    );
    expect(answers.filter(({ replayed }) => replayed === undefined)).toHaveLength(1);
    expect(new Set(answers.map(({ sentence }) => sentence)).size).toBe(1);
    expect(await actions('cancel', batch)).toBe(1);
  });

  it('is rejected when the key was used for another command; a refused command leaves the key unused', async () => {
    const { batch } = await admitted(1);
    const key = `reused-${batch}`;
    await expect(command('pause', { batch: 2_000_000, key })).rejects.toThrow(/There is no batch/);
    await command('pause', { batch, key });
    await expect(command('resume', { batch, key })).rejects.toThrow(/used for another command/);
  });
});

describe('drain', () => {
  it('orders a worker with a heartbeat to accept no more stages, and records that', async () => {
    await control.putHeartbeat({ v: 1, installation: 'here', worker: 'gpu-1', at: 1, apps: [], inFlight: [] });
    const ordered = new Promise<void>((resolve) => void control.watchDrain('gpu-1', resolve));
    expect((await ask('drain', { worker: 'gpu-1' })).sentence).toMatch(
      /^Worker gpu-1 is drained: it finishes 0 stages/,
    );
    await ordered;
    await expect(ask('drain', { worker: 'gpu-9' })).rejects.toThrow('There is no worker gpu-9');
    const { rows } = await postgres.query("select actor from operator_actions where verb = 'drain'");
    expect(rows).toEqual([{ actor: 'kc' }]);
  });
});
