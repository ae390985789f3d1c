import { describe, expect, it } from '@jest/globals';
import { NEXT_ACTIONS } from '#libs/contracts';
import type { AppStatus, RunStatus } from '#libs/database';
import { explainRun } from './explain-run.js';
import type { BrokerStatus, SystemStatus } from './situation.js';
import { aBatch, aBroker, anApp, aSystem, EARLIER, NOW, situation } from './situation.fixture.js';

const MINUTE = 60_000;
const explain = (
  run: Partial<RunStatus>,
  rest: { system?: Partial<SystemStatus>; broker?: Partial<BrokerStatus> } = {},
) => explainRun(situation(run, { system: aSystem(rest.system), broker: aBroker(rest.broker) }));
const withText = (change: Partial<AppStatus>) => aBatch({ route: [anApp('Shots'), anApp('Text', change)] });
const maintenance = { by: 'kc', at: EARLIER, why: 'GPU maintenance' };

describe('the explanation of a run that has ended', () => {
  it('gives the time when the run is done', () => {
    expect(explain({ state: 'done', nextIndex: 2, stage: null, finishedAt: EARLIER })).toMatchObject({
      state: 'done',
      reason: 'All stages have finished, the last one at 2026-11-25 14:00 UTC.',
    });
  });

  it('gives the sentence of a failure and the next action for its outcome', () => {
    const failed = { state: 'failed', outcome: 'media-missing', calls: 1 } as const;
    expect(explain({ state: 'failed', sentence: 'No such file.', stage: failed })).toEqual({
      ok: true,
      state: 'failed',
      reason: 'Stage 1 (Text) failed: No such file.',
      nextAction: NEXT_ACTIONS['media-missing'],
    });
  });

  it('names the dead letter of a failed run', () => {
    const deadLetter = { sequence: 3, of: 100, reason: 'crash-loop', sentence: 'Died.' };
    expect(explain({ state: 'failed', sentence: 'Died.' }, { broker: { deadLetter } })).toMatchObject({
      reason: 'Stage 1 (Text) failed: Died. Its message is stored as dead letter 3.',
      nextAction: expect.stringContaining('replay'),
    });
  });

  it('gives the outcome of a failure without a sentence', () => {
    const stage = { state: 'failed', outcome: 'timeout', calls: 1 } as const;
    expect(explain({ state: 'failed', sentence: null, stage }).reason).toBe('Stage 1 (Text) failed: timeout.');
  });

  it('gives the sentence of a cancellation', () => {
    expect(explain({ state: 'cancelled', sentence: 'Batch 5 was cancelled by kc.' })).toMatchObject({
      state: 'cancelled',
      reason: 'Batch 5 was cancelled by kc.',
    });
  });
});

describe('the explanation of a waiting run', () => {
  const waiting = (run: Partial<RunStatus> = {}, system: Partial<SystemStatus> = {}) =>
    explain({ state: 'waiting', nextIndex: 0, stage: null, ...run }, { system });

  it('states that its batch is a draft', () => {
    expect(waiting({ batch: aBatch({ state: 'draft' }) })).toMatchObject({
      state: 'draft',
      nextAction: 'Start the batch.',
    });
  });

  it('states who paused its batch', () => {
    expect(waiting({ batch: aBatch({ paused: { by: 'kc', at: EARLIER } }) })).toMatchObject({
      state: 'paused',
      reason: 'Batch 5 was paused by kc at 2026-11-25 14:00 UTC.',
    });
  });

  it('states that its batch is held at its next stage, unless it is the probe', () => {
    const since = '2026-11-25T14:00:00.000Z';
    const held = (stage: number, probe: number | null) =>
      aBatch({ held: [{ stage, by: 'breaker', reason: 'It fails.', since, probeAt: null, probe }] });
    expect(waiting({ batch: held(0, 3) })).toMatchObject({
      state: 'held',
      reason: expect.stringContaining('It fails.'),
    });
    expect(waiting({ batch: held(0, 17) }).state).toBe('waiting');
    expect(waiting({ batch: held(1, null) }).state).toBe('waiting');
    expect(waiting({ batch: held(1, 17) }).state).toBe('waiting');
  });

  it('states that the run is not part of the trial', () => {
    const batch = aBatch({ trial: { files: 10, open: 0 } });
    expect(waiting({ batch, isBeyondTrial: true })).toMatchObject({
      reason: 'Batch 5 runs a trial, which includes only its first 10 files.',
      nextAction: expect.stringContaining('continue with the remaining files'),
    });
    expect(waiting({ batch }).reason).not.toContain('trial');
  });

  it('gives the time, the number and the reason of a retry', () => {
    const stage = { state: 'retrying', outcome: 'unreachable', calls: 1 } as const;
    const retry = { nextIndex: 1, stage, attempt: 2, notBefore: NOW + 5 * MINUTE, sentence: 'No connection.' };
    expect(waiting(retry)).toMatchObject({
      state: 'retrying',
      reason: 'Stage 1 (Text) will be retried at 2026-11-25 14:35 UTC (attempt 3 of 4): No connection.',
    });
    expect(waiting({ ...retry, notBefore: NOW - MINUTE }).state).toBe('waiting');
  });

  it('does not wait for a retry whose time has come', () => {
    expect(waiting({ notBefore: NOW }).state).toBe('waiting');
    expect(waiting({ notBefore: NOW + 1 }).state).toBe('retrying');
  });

  it('states that the output of the previous stage is no longer stored', () => {
    expect(waiting({ nextIndex: 1, hasInput: false })).toMatchObject({
      reason: 'The output of stage 0, which this run needs to continue, is no longer stored.',
      nextAction: expect.stringContaining('stage 0'),
    });
  });

  it('names the paused app of its next stage, and the reason', () => {
    expect(waiting({ nextIndex: 1, batch: withText({ paused: maintenance }) })).toMatchObject({
      state: 'waiting',
      reason: 'Text was paused by kc at 2026-11-25 14:00 UTC: GPU maintenance.',
      nextAction: 'Resume the app when it may run again.',
    });
    const breaker = { by: 'breaker', at: EARLIER, why: 'It failed 20 times.' };
    expect(waiting({ nextIndex: 1, batch: withText({ paused: breaker }) })).toMatchObject({
      reason: 'Text was paused by the circuit breaker at 2026-11-25 14:00 UTC: It failed 20 times.',
      nextAction: expect.stringContaining('tries one file'),
    });
  });

  it('names a paused later app only if it has to wait for it, and never one that it has passed', () => {
    const batch = withText({ paused: maintenance });
    expect(waiting({ batch }).reason).toBe('It will be admitted shortly.');
    const credits = { fullApp: () => 'text_v1', runsAhead: () => 4 };
    expect(waiting({ batch }, { credits }).reason).toContain('GPU maintenance');
    const passed = aBatch({ route: [anApp('Shots', { paused: maintenance }), anApp('Text')] });
    expect(waiting({ nextIndex: 1, batch: passed }).reason).toBe('It will be admitted shortly.');
  });

  it('asks for credits from its own next stage on', () => {
    const fullApp = ({ nextIndex, route }: { nextIndex: number; route: readonly string[] }) => route[nextIndex]!;
    const credits = { fullApp, runsAhead: () => 4 };
    expect(waiting({ nextIndex: 1 }, { credits }).reason).toContain('Text is full: 4 runs');
  });

  it('names an app without a consumer', () => {
    expect(waiting({ nextIndex: 1, batch: withText({ ready: false }) }).reason).toBe(
      'The consumer of Text has not been created yet.',
    );
  });

  it('states that the recorder is far behind, but not that it is a little behind', () => {
    expect(waiting({}, { lag: 60_000 }).reason).toContain('60,000 events behind');
    expect(waiting({}, { lag: 40_000 }).reason).toBe('It will be admitted shortly.');
  });

  it('names a full app, and the number of runs ahead in the batch', () => {
    const full = { credits: { fullApp: () => 'text_v1', runsAhead: () => 4 } };
    expect(waiting({ aheadInBatch: 7 }, full)).toMatchObject({
      reason:
        'Text is full: 4 runs in progress still have to pass it, and it processes 2 files at a time. 7 runs of its batch are ahead of it.',
      nextAction: expect.stringContaining('concurrency'),
    });
    expect(waiting({}, { ...full, workers: new Map([['shots_v1', ['w1']]]) })).toMatchObject({
      reason: 'No running worker serves Text. 4 runs are on the way to it, and no more are admitted.',
      nextAction: expect.stringContaining('text_v1'),
    });
  });

  it('states that the run will be admitted shortly when nothing prevents it', () => {
    expect(waiting({ aheadInBatch: 1 }).reason).toBe('It will be admitted shortly. 1 run of its batch is ahead of it.');
  });
});

describe('the explanation of a run in progress', () => {
  it('names the worker, since when, and the number of the call', () => {
    const stage = { state: 'running', outcome: null, calls: 2 } as const;
    const holder = { worker: 'w1', since: EARLIER };
    expect(explain({ stage }, { broker: { holder } })).toMatchObject({
      state: 'running',
      reason: 'Stage 1 (Text) has been running on worker w1 since 2026-11-25 14:00 UTC (call 2).',
    });
    expect(explain({}, { broker: { holder } }).reason).toBe(
      'Stage 1 (Text) has been running on worker w1 since 2026-11-25 14:00 UTC.',
    );
    for (const change of [{ calls: 0 }, { state: 'queued' as const }])
      expect(explain({ stage: { ...stage, ...change } }, { broker: { holder } }).reason).not.toContain('(call');
    expect(explain({ stage: { ...stage, calls: 1 } }, { broker: { holder } }).reason).toContain('(call 1)');
  });

  it('states that a waiting run of a cancelled batch will be cancelled', () => {
    const batch = aBatch({ cancelledGeneration: 2, paused: null });
    expect(explain({ state: 'waiting', generation: 1, batch })).toMatchObject({
      state: 'cancelling',
      reason: 'Batch 5 was cancelled; the run will be cancelled shortly.',
    });
    expect(explain({ state: 'waiting', generation: 2, batch }).state).not.toBe('cancelling');
  });

  it('states that a cancelled run is stopped by its worker, or closed without one', () => {
    const batch = aBatch({ cancelledGeneration: 1 });
    expect(explain({ batch }, { broker: { holder: { worker: 'w1', since: EARLIER } } })).toMatchObject({
      state: 'cancelling',
      reason: 'Batch 5 was cancelled; worker w1 is stopping this stage.',
    });
    expect(explain({ batch }).reason).toBe('Batch 5 was cancelled; the run will be closed shortly.');
    const stopping = explain({ batch }, { broker: { holder: { worker: 'w1', since: EARLIER } } });
    expect(stopping.nextAction).not.toBe(explain({ batch }).nextAction);
    expect(explain({ cancelledGeneration: 1 }).reason).toBe('Run 17 was cancelled; the run will be closed shortly.');
    expect(explain({ cancelledGeneration: 1, generation: 2 }).state).not.toBe('cancelling');
    expect(explain({ batch, generation: 2 }).state).toBe('queued');
  });

  it('states that a settled stage waits for the recorder', () => {
    expect(explain({}, { broker: { settledGeneration: 1 }, system: { lag: 12 } })).toMatchObject({
      state: 'running',
      reason: 'Stage 1 (Text) is settled and waits for the recorder, which is 12 events behind.',
    });
    expect(explain({ generation: 2 }, { broker: { settledGeneration: 1 } }).state).toBe('queued');
    const lag = 60_000;
    const behind = explain({}, { broker: { settledGeneration: 1 }, system: { lag } });
    expect(behind.nextAction).not.toBe(explain({}, { broker: { settledGeneration: 1 } }).nextAction);
  });

  it('states that the app of a queued stage is paused', () => {
    expect(explain({ batch: withText({ paused: maintenance }) })).toMatchObject({
      state: 'queued',
      reason: expect.stringContaining('GPU maintenance'),
    });
    // It has passed this paused app.
    const batch = aBatch({ route: [anApp('Shots', { paused: maintenance }), anApp('Text')] });
    expect(explain({ batch }).reason).not.toContain('paused');
  });

  it('names the dead letter of its message, and the reason', () => {
    const deadLetter = { sequence: 3, of: 100, reason: 'malformed', sentence: 'The first line is not valid JSON.' };
    expect(explain({}, { broker: { deadLetter } })).toMatchObject({
      state: 'dead-lettered',
      reason:
        'The message of stage 1 (Text) was dead-lettered as malformed (dead letter 3): The first line is not valid JSON.',
    });
    expect(explain({}, { broker: { deadLetter: { ...deadLetter, of: 99 } } }).state).toBe('queued');
  });

  it('states that the message belongs to another installation', () => {
    const message = { sequence: 100, installation: 'elsewhere' };
    expect(explain({}, { broker: { message } }).reason).toContain('another installation (elsewhere)');
    const unreadable = { sequence: 100, installation: null };
    expect(explain({}, { broker: { message: unreadable } }).reason).not.toContain('another installation');
  });

  it('states that the message or the consumer is missing', () => {
    expect(explain({}, { broker: { message: null } }).reason).toBe(
      'The message of stage 1 (Text) is missing from STAGES.',
    );
    expect(explain({}, { broker: { position: null } }).reason).toBe('The consumer of Text does not exist.');
  });

  it('states that no worker is running', () => {
    expect(explain({}, { system: { workers: new Map() } })).toMatchObject({
      reason: 'No running worker serves Text.',
      nextAction: expect.stringContaining('Start a worker'),
    });
  });

  it('gives the place in the queue, and what happens when the batch is paused', () => {
    expect(explain({}).reason).toBe('Stage 1 (Text) is next in the queue of Text, which is using 2 of 2 slots.');
    expect(explain({}).nextAction).not.toContain('Resume');
    expect(explain({ aheadInQueue: 3 })).toMatchObject({
      state: 'queued',
      reason: 'Stage 1 (Text) waits behind 3 others in the queue of Text, which is using 2 of 2 slots.',
    });
    expect(explain({ batch: aBatch({ paused: { by: 'kc', at: EARLIER } }) })).toMatchObject({
      reason: expect.stringContaining('Batch 5 is paused: when its turn comes, the stage is parked'),
      nextAction: 'Resume the batch to continue.',
    });
  });

  it('states that the message was delivered and not started, or acknowledged and not settled', () => {
    const position = { acknowledged: 90, delivered: 100, pending: 0, unacknowledged: 2 };
    expect(explain({}, { broker: { position } }).reason).toContain(
      'delivered to a worker that has not reported starting it yet',
    );
    expect(explain({}, { broker: { position: { ...position, acknowledged: 100 } } }).reason).toContain(
      'was acknowledged, but the stage was not settled',
    );
  });
});
