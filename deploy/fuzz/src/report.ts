import type { FuzzTally } from '#libs/testing';

/** Fewer requests than this try too little. */
export const LEAST_REQUESTS = 2_000;

/** What is known of a run when it is over. */
export interface Ended {
  readonly tally: FuzzTally;
  /** No check has failed. */
  readonly isClean: boolean;
  readonly seed: number;
  readonly examples: number;
  /** There was something of everything, so that all could be done. */
  readonly isFilled: boolean;
}

/** Why a run has to be looked at; empty: it has not. */
export function faultsOf({ tally, isClean, isFilled }: Ended): string[] {
  return [
    ...(isClean ? [] : ['Answers are not as described: see above.']),
    ...(isFilled && tally.neverDone.length > 0
      ? ['Operations were never done, so that nothing is known of their answers: see the list.']
      : []),
    ...(isFilled && tally.requests < LEAST_REQUESTS
      ? [`${tally.requests} requests are fewer than ${LEAST_REQUESTS}: take more examples.`]
      : []),
  ];
}

/** What a run came to, in lines. */
export function reportOf(ended: Ended): string {
  const { tally, seed, examples } = ended;
  const { neverDone } = tally;
  const faults = faultsOf(ended);
  return [
    `${tally.requests} requests: ${counted(tally.classes)}; ${tally.repetitions} of them commands sent again with their key.`,
    neverDone.length === 0
      ? 'Every operation was done at least once.'
      : `${neverDone.length} operations were never done:`,
    ...neverDone.map(({ name, answers }) => `  ${name} (${counted(answers) || 'not asked'})`),
    ...(faults.length === 0 ? ['All were answered as described.'] : faults),
    `The same again: npm run fuzz -- --seed ${seed} --examples ${examples}`,
  ].join('\n');
}

const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} × ${name}`)
    .join(', ');
