import { type DocumentRef, type StageEvent, type StageEventKind, isSuccess } from '#libs/contracts';
import { milliseconds } from '#libs/messaging';
import { type Coverage, coverageGap } from '#libs/mmif';
import type { StageResult } from './adapters/app-adapter.js';
import type { StageTask } from './stage-task.js';

/** What every event of one delivery repeats. Times are milliseconds since 1970. */
export interface Occasion {
  readonly worker: string;
  readonly deliveries: number;
  /** When the broker stored the stage message, in nanoseconds since 1970. */
  readonly timestamp: string;
  /** Calls of the app in this lineage, this one included. */
  readonly call: number;
  readonly startedAt: number;
}

/** What a settlement says besides what every event does. */
interface Settled {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly result?: Omit<StageResult, 'output'>;
  readonly document?: DocumentRef | undefined;
}

/** The event that a stage's app is being called. */
export const startedEvent = (task: StageTask, occasion: Occasion): StageEvent => eventOf(task, occasion, 'started');

/** The event that a stage was put back, because its batch is paused; resuming publishes it again. */
export const parkedEvent = (task: StageTask, occasion: Occasion): StageEvent =>
  eventOf(task, occasion, 'parked', { at: occasion.startedAt });

/** The event that a stage is settled: done with its output, failed or cancelled. */
export function settledEvent(
  task: StageTask,
  occasion: Occasion,
  result: Omit<StageResult, 'output'>,
  { at, document }: Pick<Settled, 'at' | 'document'>,
): StageEvent {
  const { outcome } = result;
  const kind = isSuccess(outcome) ? 'done' : outcome === 'cancelled' ? 'cancelled' : 'failed';
  return eventOf(task, occasion, kind, { at, result, document });
}

/** One literal, made for every stage twice: spreading parts of it would copy them. JSON leaves out what is undefined. */
function eventOf(
  { slip, stage, lineage }: StageTask,
  { deliveries, timestamp, call, worker, startedAt }: Occasion,
  kind: StageEventKind,
  settled?: Settled,
): StageEvent {
  const result = settled?.result;
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
    delivery: deliveries,
    call,
    worker,
    kind,
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
    times: {
      published: milliseconds(timestamp),
      started: startedAt,
      settled: settled?.at,
    },
    document: settled?.document,
  };
}

const withGap = (coverage: Coverage) => ({ ...coverage, gap: coverageGap(coverage) ?? undefined });
