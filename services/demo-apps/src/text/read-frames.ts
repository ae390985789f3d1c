import { runFfmpeg } from '../video/ffmpeg.js';
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

/** The frame at `time` milliseconds as a greyscale PNG in the size of the video; null after the last frame. */
async function grabFrame(path: string, time: number, signal: AbortSignal): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  // -ss before -i seeks to a key frame, so a late frame takes no longer than an early one.
  const from = ['-ss', (time / 1000).toFixed(3), '-i', `file:${path}`];
  const to = ['-frames:v', '1', '-vf', 'format=gray', '-c:v', 'png', '-f', 'image2pipe', 'pipe:1'];
  await runFfmpeg([...from, ...to], (chunk) => chunks.push(chunk), signal);
  return chunks.length === 0 ? null : Buffer.concat(chunks);
}
