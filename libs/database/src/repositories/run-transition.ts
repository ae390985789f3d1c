import { compareLineage, type RunState } from '#libs/contracts';
import type { StageChange } from './stage-change.js';

/** A run as the database holds it. */
export interface RunRow {
  readonly id: number;
  readonly batch: number;
  readonly state: RunState;
  readonly generation: number;
  readonly root: string;
  readonly nextIndex: number;
}

/** What becomes of a run. */
export interface RunUpdate {
  readonly id: number;
  readonly batch: number;
  readonly from: RunState;
  readonly to: RunState;
  readonly generation: number;
  readonly root: string;
  readonly nextIndex: number;
  readonly sentence: string | null;
}

function isLater(a: StageChange, b: StageChange): boolean {
  return (compareLineage(a, b) || a.index - b.index || a.rank - b.rank) > 0;
}

/** What a run becomes by the changes of its stages; null when they are of an older lineage than the run's. */
export function runTransition(run: RunRow, changes: readonly StageChange[]): RunUpdate | null {
  const [first, ...others] = changes;
  if (!first) return null;
  const last = others.reduce((latest, change) => (isLater(change, latest) ? change : latest), first);
  if (compareLineage(last, run) < 0) return null;
  const base = { id: run.id, batch: run.batch, from: run.state, generation: last.generation, root: last.root };
  switch (last.state) {
    case 'failed':
    case 'cancelled':
      return { ...base, to: last.state, nextIndex: last.index, sentence: last.sentence };
    case 'done':
    case 'skipped':
      return last.index + 1 === last.stages
        ? { ...base, to: 'done', nextIndex: last.stages, sentence: null }
        : { ...base, to: 'running', nextIndex: last.index + 1, sentence: null };
    case 'waiting':
    case 'queued':
    case 'running':
    case 'retrying':
      return { ...base, to: 'running', nextIndex: last.index, sentence: null };
  }
}
