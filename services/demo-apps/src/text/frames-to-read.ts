import type { LabelledSpan } from '../input/find-time-frames.js';
import { chooseFrames } from './choose-frames.js';

/** Labels of segments without text. */
const BLANK = new Set(['black', 'bars', 'tone']);

/**
 * Times in milliseconds of the frames to read, one per `interval` of each segment, without duplicates and in order. Bars,
 * black and tone are skipped. Null if no segment is left; the caller then reads the whole video.
 */
export function framesToRead(spans: readonly LabelledSpan[], interval: number): number[] | null {
  const candidates = spans.filter(({ label }) => !BLANK.has(label));
  if (candidates.length === 0) return null;
  const times = candidates.flatMap((span) => chooseFrames(span, interval));
  return [...new Set(times)].sort((left, right) => left - right);
}
