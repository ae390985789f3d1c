import type { Segment } from './segments.js';

/** The content of a part of a video. */
export type Label = 'shot' | 'black' | 'bars';

/** A part of a video, in milliseconds. */
export interface Part extends Segment {
  readonly label: Label;
}

/** What was found in a video, in milliseconds. Parts shorter than `shortest` are merged into an adjacent part. */
export interface Findings {
  readonly duration: number;
  readonly cuts: readonly number[];
  readonly black: readonly Segment[];
  readonly bars: readonly Segment[];
  readonly shortest: number;
}

const byStart = (left: Segment, right: Segment) => left.start - right.start;

/** The nearest of `marks` that is at most `reach` away from a time, else the time itself. */
function snap(time: number, marks: readonly number[], reach: number): number {
  const near = marks.filter((mark) => Math.abs(mark - time) <= reach);
  return near.sort((left, right) => Math.abs(left - time) - Math.abs(right - time))[0] ?? time;
}

/** Black and bars in order and without overlap; their edges are aligned with nearby cuts and the ends of the video. */
function marked({ duration, cuts, black, bars, shortest }: Findings): Part[] {
  const marks = [0, ...cuts, duration];
  const parts = [
    ...black.map((segment) => ({ ...segment, label: 'black' as const })),
    ...bars.map((segment) => ({ ...segment, label: 'bars' as const })),
  ].map((part) => ({ ...part, start: snap(part.start, marks, shortest), end: snap(part.end, marks, shortest) }));
  let free = 0;
  return parts.sort(byStart).flatMap((part) => {
    const start = Math.max(part.start, free);
    const end = Math.min(part.end, duration);
    if (end - start < shortest) return [];
    free = end;
    return [{ ...part, start, end }];
  });
}

/**
 * Shots between `start` and `end`. A cut less than `shortest` after the previous cut or before `end` is ignored as
 * flicker.
 */
function shotsBetween(start: number, end: number, cuts: readonly number[], shortest: number): Part[] {
  const edges = [start];
  for (const cut of cuts) if (cut - edges.at(-1)! >= shortest && end - cut >= shortest) edges.push(cut);
  return edges.map((edge, index) => ({ label: 'shot', start: edge, end: edges[index + 1] ?? end }));
}

/** Divides a video into parts without gaps or overlaps: black, bars, and the shots between them. */
export function layTimeline(findings: Findings): Part[] {
  const { duration, shortest } = findings;
  const cuts = [...findings.cuts].sort((left, right) => left - right);
  const parts: Part[] = [];
  const fill = (until: number) => {
    const start = parts.at(-1)?.end ?? 0;
    if (until - start >= shortest) parts.push(...shotsBetween(start, until, cuts, shortest));
  };
  for (const part of marked(findings)) {
    fill(part.start);
    parts.push({ ...part, start: parts.at(-1)?.end ?? 0 });
  }
  fill(duration);
  const last = parts.at(-1);
  if (!last) return duration > 0 ? [{ label: 'shot', start: 0, end: duration }] : [];
  return [...parts.slice(0, -1), { ...last, end: duration }];
}
