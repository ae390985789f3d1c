import { compareLineage, type RunState } from '#libs/contracts';
import type { StageChange } from './stage-change.js';

/** A run as the database holds it. */
export interface RunRow {
  readonly id: number;
  readonly batch: number;
  readonly state: RunState;
  readonly generation: number;
  /** Nanoseconds since 1970, as a decimal string. */
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

/** Where a change leaves its run, apart from what the run was before. */
type Place = Pick<RunUpdate, 'to' | 'nextIndex' | 'sentence'>;

/** What a run becomes by the changes of its stages; null when they tell nothing newer than what is known of the run. */
export function runTransition(run: RunRow, changes: readonly StageChange[]): RunUpdate | null {
  const [first, ...others] = changes;
  if (!first) return null;
  const last = others.reduce((latest, change) => (isFurther(change, latest) ? change : latest), first);
  const place = placeOf(last);
  const lineage = compareLineage(last, run);
  if (lineage < 0 || (lineage === 0 && !isStepForward(run, place))) return null;
  return { id: run.id, batch: run.batch, from: run.state, generation: last.generation, root: last.root, ...place };
}

/** A run that is not running has ended, or was put back to wait: within its lineage nothing more happens to it. */
const isStepForward = ({ state, nextIndex }: RunRow, place: Place): boolean =>
  state === 'running' && distance(place, { to: state, nextIndex }) > 0;

const isFurther = (a: StageChange, b: StageChange): boolean =>
  (compareLineage(a, b) || distance(placeOf(a), placeOf(b))) > 0;

/** How much further one place is than another on the way through the stages; an end lies behind its stage. */
const distance = (a: Pick<Place, 'to' | 'nextIndex'>, b: Pick<Place, 'to' | 'nextIndex'>): number =>
  a.nextIndex - b.nextIndex || Number(a.to !== 'running') - Number(b.to !== 'running');

function placeOf({ state, index, stages, sentence }: StageChange): Place {
  switch (state) {
    case 'failed':
    case 'cancelled':
      return { to: state, nextIndex: index, sentence };
    case 'done':
    case 'skipped':
      return { to: index + 1 === stages ? 'done' : 'running', nextIndex: index + 1, sentence: null };
    case 'waiting':
    case 'queued':
    case 'running':
    case 'retrying':
      return { to: 'running', nextIndex: index, sentence: null };
  }
}
