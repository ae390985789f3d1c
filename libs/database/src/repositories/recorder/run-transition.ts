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
  /** Attempts of the stage at `nextIndex` that ended in a retry. */
  readonly attempt: number;
  /** Stages of this generation and older ones are cancelled, with the batch. */
  readonly cancelledGeneration: number;
  /** The same of this run by itself. */
  readonly ownCancelledGeneration: number;
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
  readonly attempt: number;
  /** Milliseconds since 1970 before which a waiting run is not admitted; null: no such time. */
  readonly notBefore: number | null;
}

/** Where a change leaves its run, apart from what the run was before. */
type Place = Pick<RunUpdate, 'to' | 'nextIndex' | 'sentence' | 'notBefore'>;

/** What a run becomes by the changes of its stages; null when they tell nothing newer than what is known of the run. */
export function runTransition(run: RunRow, changes: readonly StageChange[]): RunUpdate | null {
  const [first, ...others] = changes;
  if (!first) return null;
  const last = others.reduce((latest, change) => (isFurther(change, latest) ? change : latest), first);
  const place = placeOf(last);
  const lineage = compareLineage(last, run);
  if (lineage < 0 || (lineage === 0 && !isStepForward(run, place))) return null;
  const { id, batch, state: from } = run;
  const tried = place.nextIndex === run.nextIndex ? run.attempt : 0;
  const attempt = last.state === 'retrying' ? tried + 1 : tried;
  return { id, batch, from, generation: last.generation, root: last.root, attempt, ...place };
}

/** A run that is not running has ended, or was put back to wait: within its lineage nothing more happens to it. */
const isStepForward = ({ state, nextIndex }: RunRow, place: Place): boolean =>
  state === 'running' && distance(place, { to: state, nextIndex }) > 0;

const isFurther = (a: StageChange, b: StageChange): boolean =>
  (compareLineage(a, b) || distance(placeOf(a), placeOf(b))) > 0;

/** How much further one place is than another on the way through the stages; an end lies behind its stage. */
const distance = (a: Pick<Place, 'to' | 'nextIndex'>, b: Pick<Place, 'to' | 'nextIndex'>): number =>
  a.nextIndex - b.nextIndex || Number(a.to !== 'running') - Number(b.to !== 'running');

function placeOf({ state, index, stages, sentence, retryAt }: StageChange): Place {
  const notBefore = null;
  switch (state) {
    case 'failed':
    case 'cancelled':
      return { to: state, nextIndex: index, sentence, notBefore };
    case 'done':
    case 'skipped':
      return { to: index + 1 === stages ? 'done' : 'running', nextIndex: index + 1, sentence: null, notBefore };
    case 'retrying':
      return { to: 'waiting', nextIndex: index, sentence, notBefore: retryAt };
    // Parked: its batch was paused before its app was called.
    case 'waiting':
      return { to: 'waiting', nextIndex: index, sentence: null, notBefore };
    case 'queued':
    case 'running':
      return { to: 'running', nextIndex: index, sentence: null, notBefore };
  }
}
