import { Chunker } from '../video/chunker.js';
import { runFfmpeg } from '../video/ffmpeg.js';
import { isLineupTone, SOUND_RATE, WINDOW, WINDOW_MS } from './lineup-tone.js';
import { type Segment, segmentsOf } from './segments.js';

const WINDOW_BYTES = WINDOW * Int16Array.BYTES_PER_ELEMENT;

/** Finds segments of line-up tone of at least `shortest` milliseconds in the first sound track. */
export async function scanSound(path: string, shortest: number, signal: AbortSignal): Promise<Segment[]> {
  const windows = new Chunker(WINDOW_BYTES);
  const heard: boolean[] = [];
  const format = ['-ac', '1', '-ar', String(SOUND_RATE), '-f', 's16le', 'pipe:1'];
  const listen = (chunk: Buffer) => {
    for (const window of windows.take(chunk)) {
      const samples = Int16Array.from({ length: WINDOW }, (_, index) => window.readInt16LE(index * 2));
      heard.push(isLineupTone(samples));
    }
  };
  await runFfmpeg(['-i', `file:${path}`, '-map', '0:a:0', ...format], listen, signal);
  return segmentsOf(heard, WINDOW_MS, shortest);
}
