import type { LabelledSpan } from '../input/find-time-frames.js';
import { chooseFrames } from './choose-frames.js';

/** Labels of stretches in which nobody wrote anything. */
const BLANK = new Set(['black', 'bars', 'tone']);

/**
 * Times in milliseconds of the frames to read, one per `interval` and stretch, each once and in order. Bars, black and
 * tone are skipped. Null when no stretch is left: then the whole video has to be read.
 */
export function framesToRead(spans: readonly LabelledSpan[], interval: number): number[] | null {
  const worth = spans.filter(({ label }) => !BLANK.has(label));
  if (worth.length === 0) return null;
  const times = worth.flatMap((span) => chooseFrames(span, interval));
  return [...new Set(times)].sort((left, right) => left - right);
}
