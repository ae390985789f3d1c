import { describe, expect, it } from '@jest/globals';
import type { BatchAudit, LeftOut, Replay, ReplayRun } from '#libs/database';
import { auditSentences } from './audit-sentences.js';
import { cancelAnswer, runCancelAnswer } from './canceller.js';
import { appPauseAnswer, batchPauseAnswer } from './pauser.js';
import { leftOutSentence, MAX_ITEMS, replayAnswer } from './replay-answer.js';

const aRun = (run: number): ReplayRun => ({
  run,
  batch: 5,
  row: run,
  guid: `cpb-${run}`,
  state: 'failed',
  index: 1,
  stages: 2,
  app: 'Text',
});
const replayOf = (again: number, change: Partial<Replay> = {}): Replay => ({
  again: Array.from({ length: again }, (_, run) => aRun(run)),
  leftOut: [],
  pausedBatches: [],
  changes: [],
  ...change,
});

describe('the answer to a replay', () => {
  it('gives the number of runs, and names the first ones', () => {
    expect(replayAnswer(replayOf(1), { dryRun: false })).toEqual({
      ok: true,
      dryRun: false,
      count: 1,
      sentence: '1 run will run again from stage 1 (Text). The results of earlier stages are kept.',
      items: ['cpb-0: stage 1 (Text), run 0'],
      from: [{ stage: 1, app: 'Text', count: 1 }],
      leftOut: [],
    });
    const many = replayAnswer(replayOf(100), { dryRun: false });
    expect(many).toMatchObject({
      count: 100,
      sentence: expect.stringMatching(/^100 runs will run again from stage 1/),
    });
    expect(many.items).toHaveLength(MAX_ITEMS);
    expect(replayAnswer(replayOf(2), { dryRun: true }).sentence).toMatch(/^2 runs would run again from/);
  });

  it('names the stages, and states what is kept', () => {
    const fromStart = { ...aRun(7), index: 0, app: 'Shots' };
    const again = [...replayOf(2).again, fromStart];
    const { sentence, from } = replayAnswer(replayOf(0, { again }), { dryRun: true });
    expect(sentence).toBe(
      '3 runs would run again: 1 from stage 0 (Shots), 2 from stage 1 (Text). The results of earlier stages are kept.',
    );
    expect(from).toEqual([
      { stage: 0, app: 'Shots', count: 1 },
      { stage: 1, app: 'Text', count: 2 },
    ]);
    expect(replayAnswer(replayOf(0, { again: [fromStart] }), { dryRun: true }).sentence).toBe(
      '1 run would run again from stage 0 (Shots).',
    );
  });

  it('states that no run matches', () => {
    expect(replayAnswer(replayOf(0), { dryRun: false }).sentence).toBe(
      'No matching run has failed, so nothing is replayed.',
    );
    expect(replayAnswer(replayOf(0), { dryRun: false, runs: 'cancelled' }).sentence).toMatch(
      /^No matching run is cancelled/,
    );
  });

  it('names the runs that are left out, by reason, and paused batches', () => {
    const left = (run: number, why: LeftOut) => ({ ...aRun(run), why });
    const leftOut = [left(1, 'no-input'), left(2, 'elsewhere'), ...[3, 4, 5, 6].map((run) => left(run, 'no-input'))];
    const answer = replayAnswer(replayOf(1, { leftOut, pausedBatches: [5] }), { dryRun: false });
    expect(answer.sentence).toBe(
      '1 run will run again from stage 1 (Text). The results of earlier stages are kept. ' +
        '5 runs without the stored output of the previous stage are left out: cpb-1, cpb-3, cpb-4 and 2 more. ' +
        '1 run that has continued since is left out: cpb-2. ' +
        'Batch 5 is paused: resume it to let its runs continue.',
    );
    expect(answer.leftOut).toEqual([
      { count: 5, sentence: expect.stringContaining('5 runs without the stored output of the previous stage') },
      { count: 1, sentence: '1 run that has continued since is left out: cpb-2.' },
    ]);
  });

  it.each<[LeftOut, RegExp]>([
    ['open', /^Run 7 \(cpb-7\) is failed: wait until it ends/],
    ['no-stage', /has 2 stages, numbered from 0: stage 1 does not exist\.$/],
    ['no-input', /^The output of stage 0 of run 7 .* is not stored/],
    ['elsewhere', /has continued since it failed at stage 1 and is now failed/],
  ])('gives the reason for refusing a single run (%s)', (why, sentence) => {
    expect(leftOutSentence({ ...aRun(7), why })).toMatch(sentence);
  });
});

describe('the answer to a cancellation', () => {
  const cancellation = { state: 'running', waiting: 1, running: 2, isRepeated: false, change: null } as const;

  it('gives the numbers of cancelled and stopped runs', () => {
    expect(cancelAnswer(5, cancellation, false)).toMatchObject({
      count: 3,
      sentence: '1 waiting run is cancelled; 2 runs in progress are being stopped by their workers.',
    });
    expect(cancelAnswer(5, { ...cancellation, running: 1 }, true).sentence).toBe(
      '1 waiting run would be cancelled; 1 run in progress would be stopped by its worker.',
    );
    expect(cancelAnswer(5, { ...cancellation, waiting: 0, isRepeated: true }, false)).toMatchObject({
      count: 0,
      sentence: 'Batch 5 is already cancelled; 2 runs in progress are being stopped.',
    });
  });

  it('states that many runs are cancelled in slices, also when the command is repeated', () => {
    const large = { ...cancellation, waiting: 100_000 };
    expect(cancelAnswer(5, large, false).sentence).toMatch(/^100,?000 waiting runs are being cancelled; 2 runs/);
    expect(cancelAnswer(5, { ...large, waiting: 90_000, isRepeated: true }, false).sentence).toMatch(
      /^Batch 5 is already cancelled; 90,?000 waiting runs are being cancelled; 2 runs/,
    );
  });
});

describe('the answer to the cancellation of a run', () => {
  const cancellation = {
    guid: 'cpb-17',
    batch: 5,
    batchState: 'running',
    state: 'waiting',
    isRepeated: false,
    change: null,
  } as const;

  it('states whether the run is cancelled or is being stopped by its worker', () => {
    expect(runCancelAnswer(17, cancellation, false)).toMatchObject({
      count: 1,
      sentence: 'Run 17 (cpb-17) is cancelled.',
      items: ['cpb-17'],
    });
    const inProgress = { ...cancellation, state: 'running' } as const;
    expect(runCancelAnswer(17, inProgress, true).sentence).toBe('Run 17 (cpb-17) would be stopped by its worker.');
    expect(runCancelAnswer(17, { ...inProgress, isRepeated: true }, false)).toMatchObject({
      count: 0,
      sentence: 'Run 17 (cpb-17) is already cancelled and is being stopped.',
    });
  });
});

describe('the answer to a pause', () => {
  const before = { by: 'kc', at: new Date('2026-11-25T14:00:00Z'), why: 'night' };
  const outcome = { state: 'running', before: null, waiting: 2, running: 1, changes: [] } as const;
  const app = { name: 'Text', before: null, isAlready: false, changes: [] };

  it('states what still runs and what may continue', () => {
    expect(batchPauseAnswer(5, outcome, { paused: true, dryRun: false }).sentence).toBe(
      'Batch 5 is paused: 1 run in progress finishes its current stage, and 2 runs wait.',
    );
    expect(batchPauseAnswer(5, { ...outcome, before }, { paused: false, dryRun: true })).toMatchObject({
      count: 2,
      sentence: 'Batch 5 would be resumed: 2 waiting runs may continue.',
    });
  });

  it('states that nothing has changed, and since when', () => {
    expect(batchPauseAnswer(5, { ...outcome, before }, { paused: true, dryRun: false })).toMatchObject({
      count: 0,
      sentence: 'Batch 5 was already paused by kc at 2026-11-25 14:00 UTC: night.',
    });
    expect(batchPauseAnswer(5, outcome, { paused: false, dryRun: false }).sentence).toBe('Batch 5 is not paused.');
    expect(appPauseAnswer({ ...app, before, isAlready: true }, { paused: true, dryRun: false }).sentence).toBe(
      'Text was already paused by kc at 2026-11-25 14:00 UTC: night.',
    );
    expect(appPauseAnswer({ ...app, isAlready: true }, { paused: false, dryRun: false }).sentence).toBe(
      'Text is not paused.',
    );
  });

  it('states what the workers of an app do', () => {
    expect(appPauseAnswer(app, { paused: true, dryRun: false }).sentence).toBe(
      'Text is paused: its workers finish their current calls and start no more.',
    );
    expect(appPauseAnswer({ ...app, before }, { paused: false, dryRun: true }).sentence).toBe(
      'Text would be resumed; it was paused by kc at 2026-11-25 14:00 UTC: night.',
    );
  });
});

describe('the sentences of an audit', () => {
  const sound: BatchAudit = {
    batch: 123,
    state: 'running',
    open: 2,
    isStateWrong: false,
    miscounts: [],
    inconsistentRuns: [],
    change: null,
  };

  it('do not exist when all values agree', () => {
    expect(auditSentences(sound)).toEqual([]);
  });

  it('name each value that differs', () => {
    const miscount = { index: 1, kept: 6, found: 7 };
    expect(
      auditSentences({
        ...sound,
        state: 'finished',
        isStateWrong: true,
        miscounts: [
          { ...miscount, counted: 'runs', index: -1, name: 'done' },
          { ...miscount, counted: 'stages', name: 'done', kept: 1, found: 1 },
          { ...miscount, counted: 'marks', name: 'empty' },
          { ...miscount, counted: 'failures', name: 'x|y' },
          { ...miscount, counted: 'retries', name: 'x|y' },
        ],
      }),
    ).toEqual([
      'Batch 123 is finished, but 2 runs are waiting or in progress.',
      'Batch 123: 6 runs are counted as done, but there are 7.',
      'Batch 123: 1 file is counted as done at stage 1, but there is 1.',
      'Batch 123: 6 files are counted with the mark empty at stage 1, but there are 7.',
      'Batch 123: 6 failures are counted in the group "x|y" of stage 1, but there are 7.',
      'Batch 123: 6 retries are counted in the group "x|y" of stage 1, but there are 7.',
    ]);
  });

  it('name runs that contradict their stages', () => {
    const odd = {
      run: 17,
      guid: 'cpb-17',
      state: 'done',
      nextIndex: 1,
      stages: 2,
      undone: null,
      stage: 'queued',
    } as const;
    expect(
      auditSentences({
        ...sound,
        inconsistentRuns: [
          odd,
          { ...odd, nextIndex: 2, undone: 0, stage: null },
          { ...odd, state: 'running', nextIndex: 2, stage: null },
        ],
      }),
    ).toEqual([
      'Batch 123: run 17 (cpb-17) is done, but its stage 1 is queued.',
      'Batch 123: run 17 (cpb-17) is done at stage 2 of 2, but its stage 0 is not done.',
      'Batch 123: run 17 (cpb-17) is running, but all of its 2 stages are done.',
    ]);
  });
});
