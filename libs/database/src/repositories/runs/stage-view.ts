import { NEXT_ACTIONS, type Outcome, type StageMark, type StageRunView, type StageState } from '#libs/contracts';

/** One attempt of a stage as read from Postgres, with the names of `STAGE_COLUMNS`. */
export interface StageRow {
  readonly index: number;
  readonly app: string;
  readonly name: string;
  readonly state: StageState;
  readonly outcome: Outcome | null;
  readonly sentence: string | null;
  readonly fingerprint: string | null;
  readonly trace: string | null;
  readonly httpStatus: number | null;
  readonly generation: number;
  readonly calls: number;
  readonly worker: string | null;
  readonly queuedAt: Date | null;
  readonly startedAt: Date | null;
  readonly settledAt: Date | null;
  readonly annotations: Record<string, number>;
  readonly warnings: string[];
  readonly notices: string[];
  readonly mark: StageMark | null;
  readonly runningSeconds: number | null;
  readonly retryAt: Date | null;
  readonly coverage: { covered: number; of: number; gap?: string } | null;
  readonly sha256: string | null;
  readonly bytes: string | null;
  /** ID of the run whose result was reused. */
  readonly reusedFrom?: string | null;
  /** `at` as Postgres writes times in JSON. */
  readonly progress?: { readonly percent: number; readonly estimated: boolean; readonly at: string } | null;
}

/**
 * Columns of an attempt `s` from stage_runs or past_stage_runs; `s` can be missing for a stage that has not started.
 */
export const STAGE_COLUMNS = `s.outcome, s.sentence, s.fingerprint, s.trace, s.http_status as "httpStatus",
    coalesce(s.calls, 0) as calls, s.worker, s.queued_at as "queuedAt", s.started_at as "startedAt",
    s.settled_at as "settledAt", coalesce(s.annotations, '{}') as annotations,
    coalesce(s.warnings, '[]') as warnings, coalesce(s.notices, '[]') as notices, s.mark,
    s.running_seconds as "runningSeconds", s.coverage`;

/** The view of an attempt; `url` is the address of its document. */
export function stageView(
  { sha256, bytes, coverage, reusedFrom = null, progress = null, ...stage }: StageRow,
  url: string,
): StageRunView {
  const { outcome, queuedAt, startedAt, settledAt } = stage;
  return {
    ...stage,
    ...(reusedFrom === null ? {} : { reusedFrom: Number(reusedFrom) }),
    ...(progress === null ? {} : { progress: { ...progress, at: new Date(progress.at).toISOString() } }),
    nextAction: outcome === null ? null : (NEXT_ACTIONS[outcome] ?? null),
    queuedAt: queuedAt?.toISOString() ?? null,
    startedAt: startedAt?.toISOString() ?? null,
    settledAt: settledAt?.toISOString() ?? null,
    retryAt: stage.retryAt?.toISOString() ?? null,
    seconds: startedAt && settledAt ? (settledAt.getTime() - startedAt.getTime()) / 1000 : null,
    coverage: coverage && { ...coverage, gap: coverage.gap ?? null },
    document: sha256 === null ? null : { sha256, bytes: Number(bytes), url },
  };
}
