import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningProcess, Supervisor } from '#deploy/local';
import type { ScriptedApp } from '#libs/testing';
import { SCHEDULER_STEPS, type SchedulerStep } from '../../../services/scheduler/src/scheduler-step.js';
import { STAGE_STEPS, type StageStep } from '../../../services/worker/src/stage-step.js';
import { DirectedStage, type Outcome } from './directed-stage.js';

const MINUTE = 60_000;
const STAGES = 2;
/** Steps after the answer of the app and before the commit of the worker. */
const ANSWER_LOST: readonly StageStep[] = ['answered', 'packed'];

let stage: DirectedStage;
/** Runs until the schedulers that are killed replace it: a start takes seconds of CPU time. */
let scheduler: Supervisor;

beforeAll(async () => {
  stage = await DirectedStage.open();
  scheduler = await stage.keep('scheduler', 'scheduler');
}, MINUTE);

afterAll(async () => {
  await scheduler?.stop();
  await stage.close();
}, MINUTE);

const allOnce = (files: number): Map<string, number> =>
  new Map(
    Array.from({ length: files * STAGES }, (_, cell) => [`${Math.floor(cell / STAGES)}/${cell % STAGES}`, 1] as const),
  );

const sorted = (counts: ReadonlyMap<string, number>) => [...counts].sort(([a], [b]) => (a < b ? -1 : 1));

describe('a worker that is killed once at a step of a stage', () => {
  const FILES = 2;
  const processes: RunningProcess[] = [];
  let successor: Supervisor;
  const ended = new Map<StageStep, { outcome: Outcome; calls: number[] }>();

  // All at once, each with its own apps: most of the time is the ack wait of the broker for dead workers. One worker
  // replaces all of them, because starts of many processes could together take longer than the patience of the sweeper.
  beforeAll(async () => {
    const batches = await Promise.all(
      STAGE_STEPS.map(async (step) => {
        const { apps, slugs } = await stage.pipeline(step, STAGES);
        processes.push(await stage.startDyingWorker({ name: step, steps: [step], apps: slugs }));
        return { step, apps, batch: await stage.createBatch(step, FILES) };
      }),
    );
    for (const { batch } of batches) await stage.start(batch);
    await Promise.all(processes.map(({ exited }) => exited));
    successor = await stage.keep('worker', 'worker');
    for (const { step, apps, batch } of batches) {
      const outcome = await stage.outcome(batch);
      ended.set(step, { outcome, calls: apps.map((app) => app.calls.length) });
    }
  }, 2 * MINUTE);
  afterAll(async () => {
    processes.forEach((process) => process.kill());
    await successor?.stop();
  }, MINUTE);

  describe.each(STAGE_STEPS)('%s', (step) => {
    it('leads to done runs with one settlement for each stage', () => {
      expect(stage.wasKilled(step, step)).toBe(true);
      const { rows, settlements } = ended.get(step)!.outcome;
      expect(rows.map(({ state }) => state)).toEqual(['done', 'done']);
      expect(sorted(settlements)).toEqual(sorted(allOnce(FILES)));
    });

    it('leads to a repeated call only if the answer was lost', () => {
      expect(ended.get(step)!.calls).toEqual([ANSWER_LOST.includes(step) ? FILES + 1 : FILES, FILES]);
    });
  });
});

describe('an event log that is lost after a worker was killed at its last commit', () => {
  it(
    'causes no second call for a recorded stage, and the run stays done',
    async () => {
      const name = 'lost-log';
      const { apps, slugs } = await stage.pipeline(name, 1);
      const worker = await stage.keepDying('worker', { name, steps: ['committed'], apps: slugs });
      try {
        const batch = await stage.createBatch(name, 1);
        await stage.start(batch);
        await stage.untilFinished(batch);
        expect(stage.wasKilled(name, 'committed')).toBe(true);
        await stage.loseEvents();
        const { rows, settlements } = await stage.outcome(batch);
        expect(rows).toMatchObject([{ state: 'done', stages: ['done'] }]);
        expect(sorted(settlements)).toEqual([['0/0', 1]]);
        expect(apps[0]!.calls).toHaveLength(1);
      } finally {
        await worker.stop();
      }
    },
    4 * MINUTE,
  );
});

describe('a scheduler that is killed once at each of its steps', () => {
  const FILES = 12;
  const PIPELINE = 'scheduled';
  const EXTENDED = 'extended';
  // The step "decided" occurs only in batches that reuse results, "commanded" only after a command.
  const STEPS = SCHEDULER_STEPS.filter((step) => step !== 'decided' && step !== 'commanded');
  let worker: Supervisor;
  let apps: ScriptedApp[];
  /** A batch that reuses the results of an earlier one of `earlierApps`, and adds a stage of `lastApp`. */
  let reusing: number;
  let earlierApps: ScriptedApp[];
  let lastApp: ScriptedApp;

  beforeAll(async () => {
    worker = await stage.keep('worker', 'worker');
    ({ apps } = await stage.pipeline(PIPELINE, STAGES));
    ({ apps: earlierApps } = await stage.pipeline('earlier', STAGES));
    lastApp = await stage.extendedPipeline(EXTENDED, earlierApps);
    const earlier = await stage.createBatch('earlier', FILES);
    await stage.start(earlier);
    await stage.untilFinished(earlier);
    reusing = await stage.createReusingBatch(EXTENDED);
    await scheduler.stop();
  }, 2 * MINUTE);
  afterAll(() => worker?.stop(), MINUTE);

  it(
    'finishes every run, records and counts each stage once, and updates the live clients',
    async () => {
      const dying = await stage.keepDying('scheduler', { name: 'dying-scheduler', steps: STEPS });
      try {
        const batch = await stage.createBatch(PIPELINE, FILES);
        const viewer = stage.watch(batch, STAGES);
        await stage.start(batch);
        const { rows, settlements } = await stage.outcome(batch);
        expect(STEPS.filter((step) => stage.wasKilled('dying-scheduler', step))).toEqual(STEPS);
        expect(rows.map(({ state }) => state)).toEqual(Array(FILES).fill('done'));
        expect(sorted(settlements)).toEqual(sorted(allOnce(FILES)));
        expect(apps.map(({ calls }) => calls.length)).toEqual([FILES, FILES]);
        expect(await stage.disagreements()).toEqual([]);
        await stage.untilSeen(viewer, batch);
      } finally {
        await dying.stop();
      }
    },
    4 * MINUTE,
  );

  it(
    'reuses the results of earlier runs once, without a call of their apps',
    async () => {
      const steps: readonly SchedulerStep[] = ['decided', 'published', 'admitted', 'recorded'];
      const dying = await stage.keepDying('scheduler', { name: 'reusing-scheduler', steps });
      try {
        await stage.start(reusing);
        const { rows, settlements } = await stage.outcome(reusing);
        expect(steps.filter((step) => stage.wasKilled('reusing-scheduler', step))).toEqual(steps);
        expect(rows.map(({ stages }) => stages)).toEqual(Array(FILES).fill(['skipped', 'skipped', 'done']));
        expect(sorted(settlements)).toEqual(
          sorted(new Map(Array.from({ length: FILES }, (_, row) => [`${row}/${STAGES}`, 1]))),
        );
        expect([...earlierApps, lastApp].map(({ calls }) => calls.length)).toEqual([FILES, FILES, FILES]);
        expect(await stage.disagreements()).toEqual([]);
      } finally {
        await dying.stop();
      }
    },
    4 * MINUTE,
  );
});
