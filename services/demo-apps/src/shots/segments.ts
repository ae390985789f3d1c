/** A segment of time in milliseconds; `end` is exclusive. */
export interface Segment {
  readonly start: number;
  readonly end: number;
}

/**
 * Segments of at least `shortest` milliseconds in which every sample is true; samples are `step` milliseconds apart.
 */
export function segmentsOf(samples: readonly boolean[], step: number, shortest: number): Segment[] {
  const segments: Segment[] = [];
  let first = -1;
  for (let index = 0; index <= samples.length; index += 1) {
    if (samples[index]) {
      if (first < 0) first = index;
    } else if (first >= 0) {
      segments.push({ start: first * step, end: index * step });
      first = -1;
    }
  }
  return segments.filter(({ start, end }) => end - start >= shortest);
}
