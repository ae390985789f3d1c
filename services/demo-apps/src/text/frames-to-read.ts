import type { LabelledSpan } from '../input/find-time-frames.js';

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

/** Labels of segments without text. */
const BLANK = new Set(['black', 'bars', 'tone']);

/**
 * Times in milliseconds of the frames to read, one per `interval` of each segment, without duplicates and in order.
 * Bars, black and tone are skipped. Null if no segment is left; the caller then reads the whole video.
 */
export function framesToRead(spans: readonly LabelledSpan[], interval: number): number[] | null {
  const candidates = spans.filter(({ label }) => !BLANK.has(label));
  if (candidates.length === 0) return null;
  const times = candidates.flatMap((span) => chooseFrames(span, interval));
  return [...new Set(times)].sort((left, right) => left - right);
}
