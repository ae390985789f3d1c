import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AppHistoryRepository,
  AppsRepository,
  LeaderEpoch,
  RecorderRepository,
  RunsRepository,
  type StageChange,
} from '../src/index.js';
import { stageChange } from '#libs/testing';
import { TestArchive, type TestRun } from './test-archive.js';

const NOON = Date.parse('2026-11-25T12:00:00Z');
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const cursor = { stream: 'EVENTS', streamCreated: '2026-01-01T00:00:00Z', sequence: 1 };

let archive: TestArchive;
let runs: TestRun[];
beforeAll(async () => {
  archive = await TestArchive.open();
  runs = await archive.runningBatch({ files: 4 });
});
afterAll(() => archive.close());

const history = () => new AppHistoryRepository(archive.dataSource);
const record = (change: Partial<StageChange>) =>
  new RecorderRepository(archive.dataSource, new LeaderEpoch()).record([stageChange(change)], [], cursor);
/** The first stage of the file at a row; it started at this minute after noon. */
const answer = (row: number, minute: number, seconds: number, change: Partial<StageChange> = {}) => {
  const startedAt = NOON + minute * MINUTE;
  const settledAt = startedAt + seconds * SECOND;
  return record({ ...runs[row]!, rank: 2, state: 'done', outcome: 'ok', startedAt, settledAt, ...change });
};

describe(AppHistoryRepository, () => {
  it('has no results of an app that was never called', async () => {
    expect(await history().lastAnswers('shots_v1', 20)).toEqual([]);
    expect(await history().paces(['shots_v1'])).toEqual(
      new Map([['shots_v1', { files: 0, filesWithDuration: 0, secondsPerFile: null, secondsPerMediaMinute: null }]]),
    );
  });

  it('returns the last results of an app, newest first, without other apps and running stages', async () => {
    await answer(0, 0, 10, { coverage: { covered: 1, of: 5 * MINUTE } });
    await answer(1, 2, 40, { coverage: { covered: 1, of: 10 * MINUTE } });
    await answer(2, 1, 3, { state: 'failed', outcome: 'invalid-input', sentence: 'No video.', fingerprint: 'x' });
    await answer(0, 9, 1, { index: 1, app: 'text_v1' });
    await record({ ...runs[3]!, state: 'running', startedAt: NOON });
    const answers = await history().lastAnswers('shots_v1', 20);
    expect(answers).toMatchObject([
      { guid: 'cpb-aacip-1', index: 0, outcome: 'ok', seconds: 40, at: '2026-11-25T12:02:40.000Z' },
      { guid: 'cpb-aacip-2', outcome: 'invalid-input', sentence: 'No video.', seconds: 3 },
      { run: runs[0]!.run, batch: runs[0]!.batch, guid: 'cpb-aacip-0', seconds: 10 },
    ]);
    expect(await history().lastAnswers('shots_v1', 1)).toEqual(answers.slice(0, 1));
  });

  it('computes the time per file and per minute of media from done stages', async () => {
    const paces = await history().paces(['shots_v1', 'text_v1', 'nothing_v1']);
    expect(paces.get('shots_v1')).toEqual({
      files: 2,
      filesWithDuration: 2,
      secondsPerFile: { p50: 25, p90: 37 },
      secondsPerMediaMinute: { p50: 3, p90: 3.8 },
    });
    expect(paces.get('text_v1')).toMatchObject({ files: 1, filesWithDuration: 0, secondsPerMediaMinute: null });
    expect(paces.get('nothing_v1')).toMatchObject({ files: 0 });
  });
});

describe('the retry policy of an app', () => {
  const setRetry = (retry: object) => new AppsRepository(archive.dataSource).change('shots_v1', { retry }, 'test');
  const stateOf = async ({ run }: TestRun) =>
    (await new RunsRepository(archive.dataSource).find(run, () => '/document'))!.stages[0]!.state;

  it('decides whether its failures are retried', async () => {
    const [first, second, third] = await archive.runningBatch({ files: 3 });
    const fail = (run: TestRun | undefined, outcome: 'invalid-output' | 'unreachable') =>
      record({ ...run!, rank: 2, state: 'failed', outcome, sentence: 'x', fingerprint: 'x', settledAt: NOON });
    await setRetry({
      'invalid-output': { attempts: 1, delaySeconds: 5 },
      unreachable: { attempts: 0, delaySeconds: 0 },
    });
    await fail(first, 'invalid-output');
    await fail(second, 'unreachable');
    await setRetry({});
    await fail(third, 'unreachable');
    expect(await Promise.all([first, second!, third!].map(stateOf))).toEqual(['retrying', 'failed', 'retrying']);
  });
});
