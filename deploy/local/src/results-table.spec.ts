import { describe, expect, it } from '@jest/globals';
import type { RunView } from '#libs/contracts';
import { reasons, resultsTable } from './results-table.js';

type Stage = RunView['stages'][number];
const stage = (name: string, more: Partial<Stage> = {}): Stage => ({
  index: 0,
  app: `${name}_v1`,
  name,
  state: 'done',
  outcome: 'ok',
  sentence: null,
  nextAction: null,
  fingerprint: null,
  trace: null,
  httpStatus: 200,
  generation: 1,
  calls: 1,
  worker: null,
  queuedAt: null,
  startedAt: null,
  settledAt: null,
  seconds: 1.25,
  annotations: {},
  warnings: [],
  notices: [],
  mark: null,
  retryAt: null,
  runningSeconds: null,
  coverage: null,
  document: null,
  ...more,
});
const run = (guid: string, state: RunView['state'], stages: Stage[]): RunView => ({
  id: 1,
  batch: 1,
  row: 0,
  guid,
  title: '',
  state,
  generation: 1,
  stages,
});

const done = run('cpb-aacip-1', 'done', [
  stage('shots', { annotations: { TimeFrame: 5, TimePoint: 2 } }),
  stage('text', { annotations: { TextDocument: 12 } }),
]);
const failed = run('cpb-aacip-22', 'failed', [
  stage('shots', { state: 'failed', sentence: 'The file is not there.', nextAction: 'Check its path.', seconds: null }),
  stage('text', { state: 'skipped', seconds: null }),
]);

describe(resultsTable, () => {
  it('aligns file, stages, annotations of each app and seconds', () => {
    expect(resultsTable([done, failed])).toBe(
      [
        'File          Stages  shots  text  Seconds',
        'cpb-aacip-1   2/2     7      12    2.5',
        'cpb-aacip-22  0/2     0      0     0.0',
      ].join('\n'),
    );
  });
});

describe(reasons, () => {
  it('contain the stage, the sentence and the next action of a failed run', () => {
    expect(reasons([failed])).toEqual(['cpb-aacip-22: shots: The file is not there. Check its path.']);
  });

  it('contain the state of a run without a sentence', () => {
    expect(reasons([run('cpb-aacip-3', 'waiting', [stage('shots', { state: 'waiting' })])])).toEqual([
      'cpb-aacip-3: it is waiting',
    ]);
  });

  it('are empty if every run is done', () => {
    expect(reasons([done])).toEqual([]);
  });
});
