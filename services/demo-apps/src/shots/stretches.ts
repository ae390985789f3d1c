/** A stretch of time in milliseconds, `end` not included. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Stretches of at least `shortest` milliseconds in which every sample holds; samples are `step` milliseconds apart. */
export function stretchesOf(samples: readonly boolean[], step: number, shortest: number): Stretch[] {
  const stretches: Stretch[] = [];
  let first = -1;
  for (let index = 0; index <= samples.length; index += 1) {
    if (samples[index]) {
      if (first < 0) first = index;
    } else if (first >= 0) {
      stretches.push({ start: first * step, end: index * step });
      first = -1;
    }
  }
  return stretches.filter(({ start, end }) => end - start >= shortest);
}
