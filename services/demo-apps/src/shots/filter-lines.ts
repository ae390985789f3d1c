import type { Segment } from './segments.js';

const SECOND = 1000;
const milliseconds = (seconds: string | undefined) => Math.round(Number(seconds) * SECOND);

/** Times in milliseconds of the frames that FFmpeg's filter `showinfo` reported. */
export function readCuts(lines: readonly string[]): number[] {
  return lines.flatMap((line) => {
    const time = /Parsed_showinfo.*\bpts_time:\s*([\d.]+)/.exec(line)?.[1];
    return time === undefined ? [] : [milliseconds(time)];
  });
}

/** Segments that FFmpeg's filter `blackdetect` reported. */
export function readBlack(lines: readonly string[]): Segment[] {
  return lines.flatMap((line) => {
    const found = /black_start:([\d.]+) black_end:([\d.]+)/.exec(line);
    return found ? [{ start: milliseconds(found[1]), end: milliseconds(found[2]) }] : [];
  });
}
