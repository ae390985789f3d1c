import { describe, expect, it } from '@jest/globals';
import {
  canChangeRun,
  canChangeStage,
  RUN_STATES,
  type RunState,
  STAGE_STATES,
  type StageState,
  TRANSITION_CAUSES,
  type TransitionCause,
} from './states.js';

const SETTLED = ['done', 'failed', 'cancelled', 'retrying'] as const;

/** The legal pairs of each cause as `from > to`; `*` stands for every state. */
const RUNS: Record<TransitionCause, [from: '*' | readonly RunState[], to: '*' | readonly RunState[]][]> = {
  reuse: [[['waiting'], ['waiting', 'done']]],
  admit: [[['waiting'], ['running']]],
  event: [[['running'], '*']],
  'newer-lineage': [['*', '*']],
  cancel: [[['waiting'], ['cancelled']]],
  replay: [[['done', 'failed', 'cancelled'], ['waiting']]],
  'return-to-waiting': [[['waiting', 'running', 'done'], ['waiting']]],
};
const STAGES: Record<TransitionCause, ['*' | readonly StageState[], '*' | 'not skipped' | readonly StageState[]][]> = {
  reuse: [[['waiting'], ['skipped']]],
  admit: [[['waiting', ...SETTLED], ['queued']]],
  event: [
    [['queued'], ['running', 'waiting', ...SETTLED]],
    [['running'], ['running', 'waiting', ...SETTLED]],
    [['waiting'], ['waiting', ...SETTLED]],
  ],
  'newer-lineage': [['*', 'not skipped']],
  cancel: [[['waiting', ...SETTLED], ['cancelled']]],
  replay: [['*', ['waiting']]],
  'return-to-waiting': [[['waiting', 'queued', 'running'], ['waiting']]],
};

const has = <State extends string>(states: string | readonly State[], state: State) =>
  typeof states === 'string' ? states === '*' || state !== 'skipped' : states.includes(state);

describe.each(TRANSITION_CAUSES)('the cause %s', (cause) => {
  it.each(RUN_STATES)('changes a run that is %s to the listed states only', (from) => {
    const legal = RUN_STATES.filter((to) => RUNS[cause].some(([froms, tos]) => has(froms, from) && has(tos, to)));
    expect(RUN_STATES.filter((to) => canChangeRun(cause, from, to))).toEqual(legal);
  });

  it.each(STAGE_STATES)('changes a stage run that is %s to the listed states only', (from) => {
    const legal = STAGE_STATES.filter((to) => STAGES[cause].some(([froms, tos]) => has(froms, from) && has(tos, to)));
    expect(STAGE_STATES.filter((to) => canChangeStage(cause, from, to))).toEqual(legal);
  });
});
