import { type DocumentRef, type StageEvent, type StageEventKind, isSuccess } from '#libs/contracts';
import { milliseconds } from '#libs/messaging';
import type { Stopwatch } from '#libs/runtime';
import { type Coverage, coverageGap } from '#libs/mmif';
import type { StageResult } from './adapters/stage-result.js';
import type { StageTask } from './stage-task.js';

/** What every event of one delivery has in common. Times are milliseconds since 1970. */
export interface EventContext {
  readonly worker: string;
  readonly deliveries: number;
  /** When the broker stored the stage message, in nanoseconds since 1970. */
  readonly timestamp: string;
  /** Calls of the app in this lineage, including this one. */
  readonly call: number;
  readonly startedAt: number;
  /** Runs from `startedAt`, so that a jump of the clock does not change how long a stage took. */
  readonly started: Stopwatch;
}

/** What only a settlement has. */
interface Settled {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly result?: Omit<StageResult, 'output'>;
  readonly document?: DocumentRef | undefined;
}

/** The app of a stage is being called. */
export const startedEvent = (task: StageTask, context: EventContext): StageEvent => eventOf(task, context, 'started');

/** A stage is parked, for example because its batch is paused; a resume publishes it again. */
export const parkedEvent = (task: StageTask, context: EventContext): StageEvent =>
  eventOf(task, context, 'parked', { at: context.startedAt });

/** A stage is settled: done with its output, failed or cancelled. */
export function settledEvent(
  task: StageTask,
  context: EventContext,
  result: Omit<StageResult, 'output'>,
  { at, document }: Pick<Settled, 'at' | 'document'>,
): StageEvent {
  const { outcome } = result;
  const kind = isSuccess(outcome) ? 'done' : outcome === 'cancelled' ? 'cancelled' : 'failed';
  return eventOf(task, context, kind, { at, result, document });
}

/** One object literal, because spreads would copy its parts twice per stage. JSON omits undefined fields. */
function eventOf(
  { slip, stage, lineage, isRawReplay }: StageTask,
  { deliveries, timestamp, call, worker, startedAt }: EventContext,
  kind: StageEventKind,
  settled?: Settled,
): StageEvent {
  const result = settled?.result;
  return {
    v: 1,
    installation: slip.installation,
    batch: slip.batch,
    batchKey: slip.batchKey,
    run: slip.run,
    row: slip.row,
    guid: slip.guid,
    index: slip.index,
    stages: slip.route.length,
    app: stage.app,
    generation: lineage.generation,
    root: lineage.root,
    delivery: deliveries,
    call,
    worker,
    kind,
    rawReplay: isRawReplay || undefined,
    outcome: result?.outcome,
    sentence: result?.sentence,
    fingerprint: result?.fingerprint,
    trace: result?.trace,
    httpStatus: result?.httpStatus,
    counts: result?.counts,
    warnings: result && [...result.warnings],
    notices: result && [...result.notices],
    runningSeconds: result?.runningSeconds ?? undefined,
    coverage: result?.coverage ? withGap(result.coverage) : undefined,
    retryAfter: result?.retryAfter ?? undefined,
    unreached: result?.unreached ?? undefined,
    times: {
      published: milliseconds(timestamp),
      started: startedAt,
      settled: settled?.at,
    },
    document: settled?.document,
  };
}

const withGap = (coverage: Coverage) => ({ ...coverage, gap: coverageGap(coverage) ?? undefined });
