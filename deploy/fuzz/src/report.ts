import type { FuzzTally } from '#libs/testing';

/** A run with fewer requests fails. */
export const MIN_REQUESTS = 2_000;

/** The result of a run. */
export interface Ended {
  readonly tally: FuzzTally;
  /** Whether all checks passed. */
  readonly isClean: boolean;
  readonly seed: number;
  readonly examples: number;
  /** Whether objects of every kind existed, so that every operation could succeed. */
  readonly isFilled: boolean;
}

/** Why a run failed; empty if it passed. */
export function faultsOf({ tally, isClean, isFilled }: Ended): string[] {
  return [
    ...(isClean ? [] : ['Some responses differ from their description: see above.']),
    ...(isFilled && tally.neverDone.length > 0
      ? ['Some operations never succeeded, so their responses are untested: see the list.']
      : []),
    ...(isFilled && tally.requests < MIN_REQUESTS
      ? [`Only ${tally.requests} requests were sent, fewer than ${MIN_REQUESTS}: increase --examples.`]
      : []),
  ];
}

/** The report of a run. */
export function reportOf(ended: Ended): string {
  const { tally, seed, examples } = ended;
  const { neverDone } = tally;
  const faults = faultsOf(ended);
  return [
    `${tally.requests} requests: ${counted(tally.classes)}; ${tally.repetitions} of them repeated commands.`,
    neverDone.length === 0
      ? 'Every operation succeeded at least once.'
      : `${neverDone.length} operations never succeeded:`,
    ...neverDone.map(({ name, answers }) => `  ${name} (${counted(answers) || 'not requested'})`),
    ...(faults.length === 0 ? ['All responses match their description.'] : faults),
    `Repeat: npm run fuzz -- --seed ${seed} --examples ${examples}`,
  ].join('\n');
}

const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} × ${name}`)
    .join(', ');
