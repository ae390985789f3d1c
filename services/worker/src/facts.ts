import { type Fact, isSuccess } from '#libs/contracts';
import type { DocumentRef } from '#libs/contracts';
import { type Coverage, coverageGap } from '#libs/mmif';
import type { StageResult } from './adapters/app-adapter.js';
import type { StageTask } from './stage-task.js';

const NANOSECONDS_PER_MS = 1_000_000n;

/** What every fact of one delivery repeats. Times are milliseconds since 1970. */
export interface Occasion {
  readonly worker: string;
  readonly deliveries: number;
  /** When the broker stored the stage message, in nanoseconds since 1970. */
  readonly timestamp: string;
  /** Calls of the app in this lineage, this one included. */
  readonly call: number;
  readonly startedAt: number;
}

function baseFact({ slip, stage, lineage }: StageTask, occasion: Occasion): Omit<Fact, 'kind'> {
  return {
    v: 1,
    installation: slip.installation,
    batch: slip.batch,
    run: slip.run,
    row: slip.row,
    guid: slip.guid,
    index: slip.index,
    stages: slip.route.length,
    app: stage.app,
    generation: lineage.generation,
    root: lineage.root,
    delivery: occasion.deliveries,
    call: occasion.call,
    worker: occasion.worker,
    times: { published: Number(BigInt(occasion.timestamp) / NANOSECONDS_PER_MS), started: occasion.startedAt },
  };
}

/** The fact that a stage's app is being called. */
export const startedFact = (task: StageTask, occasion: Occasion): Fact => ({
  ...baseFact(task, occasion),
  kind: 'started',
});

/** The fact that a stage was put back, because its batch is paused; resuming publishes it again. */
export function parkedFact(task: StageTask, occasion: Occasion): Fact {
  const base = baseFact(task, occasion);
  return { ...base, kind: 'parked', times: { ...base.times, settled: occasion.startedAt } };
}

/** The fact that a stage is settled: done with its output, failed or cancelled. */
export function settledFact(
  task: StageTask,
  occasion: Occasion,
  result: Omit<StageResult, 'output'>,
  settled: { readonly at: number; readonly document?: DocumentRef },
): Fact {
  const { outcome, sentence, fingerprint, trace, httpStatus, counts, warnings, notices } = result;
  const { coverage, runningSeconds, retryAfter } = result;
  const base = baseFact(task, occasion);
  return {
    ...base,
    kind: isSuccess(outcome) ? 'done' : outcome === 'cancelled' ? 'cancelled' : 'failed',
    outcome,
    sentence,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(trace === undefined ? {} : { trace }),
    ...(httpStatus === undefined ? {} : { httpStatus }),
    counts: { ...counts },
    warnings: [...warnings],
    notices: [...notices],
    ...(runningSeconds === null ? {} : { runningSeconds }),
    ...(coverage === null ? {} : { coverage: { ...coverage, ...gapOf(coverage) } }),
    ...(retryAfter === null ? {} : { retryAfter }),
    times: { ...base.times, settled: settled.at },
    ...(settled.document ? { document: settled.document } : {}),
  };
}

function gapOf(coverage: Coverage): { gap?: string } {
  const gap = coverageGap(coverage);
  return gap === null ? {} : { gap };
}
