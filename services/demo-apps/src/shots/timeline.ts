import type { Stretch } from './stretches.js';

/** What a part of a video shows. */
export type Label = 'shot' | 'black' | 'bars';

/** A part of a video, in milliseconds. */
export interface Part extends Stretch {
  readonly label: Label;
}

/** What was found in a video, in milliseconds; parts shorter than `shortest` belong to their neighbour. */
export interface Findings {
  readonly duration: number;
  readonly cuts: readonly number[];
  readonly black: readonly Stretch[];
  readonly bars: readonly Stretch[];
  readonly shortest: number;
}

const byStart = (left: Stretch, right: Stretch) => left.start - right.start;

/** Moves a time to the nearest of `marks` that is at most `reach` away. */
function snap(time: number, marks: readonly number[], reach: number): number {
  const near = marks.filter((mark) => Math.abs(mark - time) <= reach);
  return near.sort((left, right) => Math.abs(left - time) - Math.abs(right - time))[0] ?? time;
}

/** Black and bars in order, their edges moved to cuts and to the ends of the video, never overlapping. */
function marked({ duration, cuts, black, bars, shortest }: Findings): Part[] {
  const marks = [0, ...cuts, duration];
  const parts = [
    ...black.map((stretch) => ({ ...stretch, label: 'black' as const })),
    ...bars.map((stretch) => ({ ...stretch, label: 'bars' as const })),
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

/** Shots between `start` and `end`: a cut sooner than `shortest` after the one before, or before the end, is flicker. */
function shotsBetween(start: number, end: number, cuts: readonly number[], shortest: number): Part[] {
  const edges = [start];
  for (const cut of cuts) if (cut - edges.at(-1)! >= shortest && end - cut >= shortest) edges.push(cut);
  return edges.map((edge, index) => ({ label: 'shot', start: edge, end: edges[index + 1] ?? end }));
}

/** Divides a video into parts without gap or overlap: black and bars as found, and the shots between them. */
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
