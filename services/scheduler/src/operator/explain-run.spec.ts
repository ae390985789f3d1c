import { describe, expect, it } from '@jest/globals';
import type { AppFacts, RunFacts } from '#libs/database';
import { explainRun } from './explain-run.js';
import type { BrokerFacts, Surroundings } from './situation.js';
import { aBatch, anApp, around, broker, EARLIER, NOW, situation } from './situation.fixture.js';

const MINUTE = 60_000;
const explain = (
  run: Partial<RunFacts>,
  rest: { around?: Partial<Surroundings>; broker?: Partial<BrokerFacts> } = {},
) => explainRun(situation(run, { around: around(rest.around), broker: broker(rest.broker) }));
const withText = (change: Partial<AppFacts>) => aBatch({ route: [anApp('Shots'), anApp('Text', change)] });
const maintenance = { by: 'kc', at: EARLIER, why: 'GPU maintenance' };

describe('a run that has ended', () => {
  it('is done', () => {
    expect(explain({ state: 'done', nextIndex: 2, stage: null, finishedAt: EARLIER })).toMatchObject({
      state: 'done',
      reason: 'Every stage is done since 2026-11-25 14:00 UTC.',
    });
  });

  it('has failed with a sentence, and with what to do about that', () => {
    const failed = { state: 'failed', outcome: 'media-missing', calls: 1 } as const;
    expect(explain({ state: 'failed', sentence: 'No such file.', stage: failed })).toEqual({
      ok: true,
      state: 'failed',
      reason: 'Stage 1 (Text) failed: No such file.',
      nextAction: 'Put the media file at its registered path, then retry the file.',
    });
  });

  it('has failed, and its message is kept', () => {
    const deadLetter = { sequence: 3, of: 100, reason: 'crash-loop', sentence: 'Died.' };
    expect(explain({ state: 'failed', sentence: 'Died.' }, { broker: { deadLetter } })).toMatchObject({
      reason: 'Stage 1 (Text) failed: Died. Its message is kept as dead letter 3.',
      nextAction: expect.stringContaining('replay'),
    });
  });

  it('was cancelled', () => {
    expect(explain({ state: 'cancelled', sentence: 'Batch 5 was cancelled by kc.' })).toMatchObject({
      state: 'cancelled',
      reason: 'Batch 5 was cancelled by kc.',
    });
  });
});

describe('a run that waits', () => {
  const waiting = (run: Partial<RunFacts> = {}, aroundIt: Partial<Surroundings> = {}) =>
    explain({ state: 'waiting', nextIndex: 0, stage: null, ...run }, { around: aroundIt });

  it('is in a draft', () => {
    expect(waiting({ batch: aBatch({ state: 'draft' }) })).toMatchObject({
      state: 'draft',
      nextAction: 'Start the batch.',
    });
  });

  it('is in a paused batch', () => {
    expect(waiting({ batch: aBatch({ paused: { by: 'kc', at: EARLIER } }) })).toMatchObject({
      state: 'paused',
      reason: 'Batch 5 is paused by kc since 2026-11-25 14:00 UTC.',
    });
  });

  it('is not of the trial', () => {
    const batch = aBatch({ trial: { files: 10, open: 0 } });
    expect(waiting({ batch, isBeyondTrial: true })).toMatchObject({
      reason: 'Only the first 10 files of batch 5 may run: its trial.',
      nextAction: expect.stringContaining('go on with the rest'),
    });
    expect(waiting({ batch }).reason).not.toContain('trial');
  });

  it('is tried again later, after how many attempts, and why', () => {
    const stage = { state: 'retrying', outcome: 'unreachable', calls: 1 } as const;
    const retry = { nextIndex: 1, stage, attempt: 2, notBefore: NOW + 5 * MINUTE, sentence: 'Nobody answers.' };
    expect(waiting(retry)).toMatchObject({
      state: 'retrying',
      reason: 'Stage 1 (Text) is tried again at 2026-11-25 14:35 UTC (attempt 3 of 4): Nobody answers.',
    });
    expect(waiting({ ...retry, notBefore: NOW - MINUTE }).state).toBe('waiting');
  });

  it('cannot go on without what the stage before has put out', () => {
    expect(waiting({ nextIndex: 1, hasInput: false })).toMatchObject({
      reason: 'The output of stage 0, by which it would go on, is not stored.',
      nextAction: expect.stringContaining('stage 0'),
    });
  });

  it('is held back by a paused app on its way, and is told why', () => {
    expect(waiting({ batch: withText({ paused: maintenance }) })).toMatchObject({
      state: 'waiting',
      reason: 'Text is paused by kc since 2026-11-25 14:00 UTC: GPU maintenance.',
      nextAction: 'Resume the app when it may work again.',
    });
    const breaker = { by: 'breaker', at: EARLIER, why: 'It failed 20 times.' };
    expect(waiting({ batch: withText({ paused: breaker }) })).toMatchObject({
      reason: 'Text is paused by the circuit breaker since 2026-11-25 14:00 UTC: It failed 20 times.',
      nextAction: expect.stringContaining('tried again by itself'),
    });
  });

  it('is held back by an app without a consumer', () => {
    expect(waiting({ batch: withText({ ready: false }) }).reason).toBe('The consumer of Text has not been made yet.');
  });

  it('is held back by a recorder that is far behind, and not by one that is a little', () => {
    expect(waiting({}, { lag: 60_000 }).reason).toContain('60000 events behind');
    expect(waiting({}, { lag: 40_000 }).reason).toBe('It is about to enter the pipeline.');
  });

  it('waits for room at a full app, behind others of its batch', () => {
    const full = {
      credits: new Map([
        ['shots_v1', 4],
        ['text_v1', 0],
      ]),
      underWay: new Map([['text_v1', 4]]),
    };
    expect(waiting({ aheadInBatch: 7 }, full)).toMatchObject({
      reason:
        'Text is full: 4 runs under way still have to pass it, and it works on 2 at once. 7 runs of its batch go before it.',
      nextAction: expect.stringContaining('concurrency'),
    });
    expect(waiting({}, { ...full, workers: new Map([['shots_v1', ['w1']]]) })).toMatchObject({
      reason: 'No worker serves Text: none that lives has said so. 4 runs are on the way to it, and no more enter.',
      nextAction: expect.stringContaining('text_v1'),
    });
  });

  it('is about to enter otherwise', () => {
    expect(waiting({ aheadInBatch: 1 }).reason).toBe(
      'It is about to enter the pipeline. 1 run of its batch goes before it.',
    );
  });
});

describe('a run under way', () => {
  it('is with a worker, for so long and in which call', () => {
    const stage = { state: 'running', outcome: null, calls: 2 } as const;
    const holder = { worker: 'w1', since: EARLIER };
    expect(explain({ stage }, { broker: { holder } })).toMatchObject({
      state: 'running',
      reason: 'Stage 1 (Text) is with worker w1 since 2026-11-25 14:00 UTC (call 2).',
    });
    expect(explain({}, { broker: { holder } }).reason).toBe(
      'Stage 1 (Text) is with worker w1 since 2026-11-25 14:00 UTC.',
    );
  });

  it('is being cancelled by its worker, or closed without one', () => {
    const batch = aBatch({ cancelledGeneration: 1 });
    expect(explain({ batch }, { broker: { holder: { worker: 'w1', since: EARLIER } } })).toMatchObject({
      state: 'cancelling',
      reason: 'Batch 5 was cancelled, and worker w1 ends it.',
    });
    expect(explain({ batch }).reason).toBe('Batch 5 was cancelled, and it is closed soon.');
    expect(explain({ cancelledGeneration: 1 }).reason).toBe('Run 17 was cancelled, and it is closed soon.');
    expect(explain({ cancelledGeneration: 1, generation: 2 }).state).not.toBe('cancelling');
    expect(explain({ batch, generation: 2 }).state).toBe('queued');
  });

  it('is settled, and only not recorded yet', () => {
    expect(explain({}, { broker: { settledGeneration: 1 }, around: { lag: 12 } })).toMatchObject({
      state: 'running',
      reason: 'Stage 1 (Text) is settled, and waits for the recorder, which is 12 events behind.',
    });
    expect(explain({ generation: 2 }, { broker: { settledGeneration: 1 } }).state).toBe('queued');
  });

  it('is queued for a paused app', () => {
    expect(explain({ batch: withText({ paused: maintenance }) })).toMatchObject({
      state: 'queued',
      reason: expect.stringContaining('GPU maintenance'),
    });
    // A paused app that it has passed is no obstacle.
    const batch = aBatch({ route: [anApp('Shots', { paused: maintenance }), anApp('Text')] });
    expect(explain({ batch }).reason).not.toContain('paused');
  });

  it('has a message that was put aside, and is told why', () => {
    const deadLetter = { sequence: 3, of: 100, reason: 'malformed', sentence: 'The first line is no JSON.' };
    expect(explain({}, { broker: { deadLetter } })).toMatchObject({
      state: 'dead-lettered',
      reason: 'The message of stage 1 (Text) was put aside as malformed (dead letter 3): The first line is no JSON.',
    });
    expect(explain({}, { broker: { deadLetter: { ...deadLetter, of: 99 } } }).state).toBe('queued');
  });

  it('has a message of another installation on its subject', () => {
    const message = { sequence: 100, installation: 'elsewhere' };
    expect(explain({}, { broker: { message } }).reason).toContain('another installation (elsewhere)');
  });

  it('has lost its message, or its consumer', () => {
    expect(explain({}, { broker: { message: null } }).reason).toBe('The message of stage 1 (Text) is not in STAGES.');
    expect(explain({}, { broker: { position: null } }).reason).toBe('The consumer of Text is not there.');
  });

  it('waits for a worker that nobody has started', () => {
    expect(explain({}, { around: { workers: new Map() } })).toMatchObject({
      reason: 'No worker serves Text: none that lives has said so.',
      nextAction: expect.stringContaining('Start a worker'),
    });
  });

  it('waits in the queue behind others, to be put back when its batch is paused', () => {
    expect(explain({ aheadInQueue: 3 })).toMatchObject({
      state: 'queued',
      reason: 'Stage 1 (Text) waits for its turn behind 3 others; Text works on 2 of 2.',
    });
    expect(explain({ batch: aBatch({ paused: { by: 'kc', at: EARLIER } }) })).toMatchObject({
      reason: expect.stringContaining('Batch 5 is paused: it is put back when its turn comes'),
      nextAction: 'Resume the batch when it may go on.',
    });
  });

  it('was handed over and not begun, or acknowledged and not settled', () => {
    const position = { acknowledged: 90, delivered: 100, pending: 0, unacknowledged: 2 };
    expect(explain({}, { broker: { position } }).reason).toContain('handed to a worker that has not said');
    expect(explain({}, { broker: { position: { ...position, acknowledged: 100 } } }).reason).toContain(
      'is acknowledged, and nothing was settled',
    );
  });
});
