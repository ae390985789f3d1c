/** What FFmpeg reports about its input; `duration` in milliseconds, `fps` in frames per second. */
export interface InputReport {
  readonly duration: number;
  readonly fps: number;
  readonly hasSound: boolean;
}

const SECOND = 1000;

/** Duration in milliseconds from FFmpeg's line `Duration: 00:00:42.04, start: …`; null on any other line. */
export function readDuration(line: string): number | null {
  const [, hours, minutes, seconds] = /^\s*Duration: (\d+):(\d+):(\d+(?:\.\d+)?)/.exec(line) ?? [];
  if (seconds === undefined) return null;
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * SECOND);
}

/** FFmpeg's lines about its input, without the later lines about its output, which have the same format. */
function inputLines(lines: readonly string[]): readonly string[] {
  const end = lines.findIndex((line) => line.startsWith('Stream mapping:') || line.startsWith('Output #0'));
  return end < 0 ? lines : lines.slice(0, end);
}

/** Reads FFmpeg's lines about its input. Null if the input has no video stream or no duration. */
export function readInput(lines: readonly string[]): InputReport | null {
  const streams = inputLines(lines).filter((line) => /Stream #0:\d+/.test(line));
  const pictures = streams.find((line) => line.includes(': Video: ') && !line.includes('attached pic'));
  const rate = /([\d.]+) (?:fps|tbr)\b/.exec(pictures ?? '')?.[1];
  const duration = lines.map(readDuration).find((value) => value !== null);
  if (rate === undefined || duration === undefined) return null;
  return { duration, fps: Number(rate), hasSound: streams.some((line) => line.includes(': Audio: ')) };
}
