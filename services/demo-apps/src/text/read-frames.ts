import { grabFrame } from './grab-frame.js';
import { legibleText } from './legible-text.js';
import type { TextReader } from './text-reader.js';
import type { ReadFrame } from './text-view.js';

/** A video and the times in milliseconds at which to read it; lines below `minConfidence` percent are omitted. */
export interface Reading {
  readonly path: string;
  readonly times: readonly number[];
  readonly minConfidence: number;
  /** Kills FFmpeg and stops the text recognition. */
  readonly signal: AbortSignal;
}

/** Reads the frames one after the other and calls `onFrame` after each. Frames without text are omitted. */
export async function readFrames(
  reader: TextReader,
  { path, times, minConfidence, signal }: Reading,
  onFrame: (done: number) => void,
): Promise<ReadFrame[]> {
  const frames: ReadFrame[] = [];
  for (const [index, time] of times.entries()) {
    const png = await grabFrame(path, time, signal);
    const found = png && legibleText(await reader.read(png, signal), minConfidence);
    if (found) frames.push({ time, ...found });
    onFrame(index + 1);
  }
  return frames;
}
