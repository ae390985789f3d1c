import { Chunker } from '../video/chunker.js';
import { runFfmpeg } from '../video/ffmpeg.js';
import { isLineupTone, SOUND_RATE, WINDOW, WINDOW_MS } from './lineup-tone.js';
import { type Stretch, stretchesOf } from './stretches.js';

const WINDOW_BYTES = WINDOW * Int16Array.BYTES_PER_ELEMENT;

/** Listens to the first sound track; gives stretches of line-up tone of at least `shortest` milliseconds. */
export async function scanSound(path: string, shortest: number, signal: AbortSignal): Promise<Stretch[]> {
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
  return stretchesOf(heard, WINDOW_MS, shortest);
}
