/** A segment of a video in milliseconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Times in milliseconds at which to read a segment: one per `interval` and at least one, evenly spaced and never at the
 * edges, where pictures blend into each other.
 */
export function chooseFrames({ start, end }: Span, interval: number): number[] {
  const count = Math.max(1, Math.round((end - start) / interval));
  return Array.from({ length: count }, (_, index) => Math.round(start + ((index + 0.5) * (end - start)) / count));
}
