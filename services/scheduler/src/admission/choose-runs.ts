import { stride } from '#libs/contracts';
import type { Credits } from './credits.js';

/** Maximum number of runs per claim: they are published in parallel inside one short transaction. */
export const MAX_CLAIM = 500;

/** A batch with waiting runs. */
export interface Candidate {
  readonly id: number;
  readonly pass: number;
  readonly weight: number;
  /** The apps of its pipeline, in stage order. */
  readonly route: readonly string[];
  /** Runs that can be admitted now, by next stage. */
  readonly waiting: readonly { readonly nextIndex: number; readonly count: number }[];
}

/** Runs of a batch to admit, all at the same next stage. */
export interface ChosenRuns {
  readonly batch: number;
  readonly nextIndex: number;
  readonly count: number;
}

/** A batch during the choice; the last of its groups is chosen first. */
interface OpenBatch {
  readonly candidate: Candidate;
  pass: number;
  readonly groups: { readonly nextIndex: number; count: number; chosen: number }[];
}

/**
 * Which run is next? Stride scheduling: the batch with the lowest pass contributes one run, and its pass grows by its
 * stride; runs that are further along come first, and runs without credits wait. Returns the groups in the order in
 * which their batches were first chosen, and adds the chosen runs to `credits`.
 */
export function chooseRuns(candidates: readonly Candidate[], credits: Credits): ChosenRuns[] {
  const open = candidates.map(openBatch);
  const chosen = new Set<OpenBatch>();
  for (let total = 0; total < MAX_CLAIM;) {
    const next = lowest(open);
    if (!next) break;
    const { candidate, groups } = next;
    const group = groups.findLast(({ count, chosen: taken }) => taken < count);
    if (!group) {
      open.splice(open.indexOf(next), 1);
      continue;
    }
    const place = { batch: candidate.id, route: candidate.route, nextIndex: group.nextIndex };
    if (credits.fullApp(place) !== null) {
      // Credits only become fewer during the choice.
      group.count = group.chosen;
      continue;
    }
    credits.add(place, 1);
    group.chosen += 1;
    chosen.add(next);
    next.pass += stride(candidate.weight);
    total += 1;
  }
  return [...chosen].flatMap(chosenOf);
}

const openBatch = (candidate: Candidate): OpenBatch => ({
  candidate,
  pass: candidate.pass,
  groups: candidate.waiting
    .toSorted((a, b) => a.nextIndex - b.nextIndex)
    .map(({ nextIndex, count }) => ({ nextIndex, count, chosen: 0 })),
});

const lowest = (open: readonly OpenBatch[]): OpenBatch | undefined =>
  open.length === 0 ? undefined : open.reduce((low, batch) => (batch.pass < low.pass ? batch : low));

const chosenOf = ({ candidate, groups }: OpenBatch): ChosenRuns[] =>
  groups
    .filter(({ chosen }) => chosen > 0)
    .map(({ nextIndex, chosen }) => ({ batch: candidate.id, nextIndex, count: chosen }))
    .toReversed();
