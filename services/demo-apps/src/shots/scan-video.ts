import { Chunker } from '../video/chunker.js';
import { runFfmpeg } from '../video/ffmpeg.js';
import type { InputReport } from '../video/input-report.js';
import { probeVideo } from '../video/probe-video.js';
import { FRAME_BYTES, FRAME_HEIGHT, FRAME_WIDTH, showsColourBars } from './colour-bars.js';
import { readBlack, readCuts } from './filter-lines.js';
import { scanSound } from './scan-sound.js';
import { type Segment, segmentsOf } from './segments.js';

/** What was found in a video; times in milliseconds. */
export interface VideoScan extends InputReport {
  readonly cuts: readonly number[];
  readonly black: readonly Segment[];
  readonly bars: readonly Segment[];
  readonly tone: readonly Segment[];
}

/** Options of a scan. */
export interface ScanOptions {
  /** Minimum difference between two frames that counts as a cut, 0 to 1. */
  readonly threshold: number;
  /** Minimum duration of black, bars or tone in milliseconds. */
  readonly shortest: number;
  /** Kills FFmpeg. */
  readonly signal: AbortSignal;
}

const SAMPLES_PER_SECOND = 4;
const SAMPLE_MS = 1000 / SAMPLES_PER_SECOND;

// The picture is scaled down once; one branch detects cuts and black, the other produces samples for the bars.
const filters = ({ threshold, shortest }: ScanOptions) =>
  [
    '[0:v:0]scale=320:-2,split[all][sampled]',
    `[all]blackdetect=d=${shortest / 1000}:pix_th=0.1,select='gt(scene,${threshold})',showinfo[cuts]`,
    `[sampled]fps=${SAMPLES_PER_SECOND},scale=${FRAME_WIDTH}:${FRAME_HEIGHT}:flags=area,format=rgb24[samples]`,
  ].join(';');

/**
 * Decodes the pictures and the sound of a video once each; `onProgress` receives 0 to 100 percent. Throws NoVideoError
 * if the file is not a video, and the reason of an aborted signal.
 */
export async function scanVideo(
  path: string,
  options: ScanOptions,
  onProgress: (percent: number) => void,
): Promise<VideoScan> {
  const { shortest, signal } = options;
  const input = await probeVideo(path, signal);
  const tone = input.hasSound ? await scanSound(path, shortest, signal) : [];
  const frames = new Chunker(FRAME_BYTES);
  const showBars: boolean[] = [];
  const samples = ['-map', '[samples]', '-f', 'rawvideo', 'pipe:1'];
  const cuts = ['-map', '[cuts]', '-f', 'null', '-'];
  const lines = await runFfmpeg(
    ['-i', `file:${path}`, '-filter_complex', filters(options), ...samples, ...cuts],
    (chunk) => {
      showBars.push(...frames.take(chunk).map(showsColourBars));
      onProgress(Math.min(100, (showBars.length * SAMPLE_MS * 100) / input.duration));
    },
    signal,
  );
  const bars = segmentsOf(showBars, SAMPLE_MS, shortest);
  return { ...input, cuts: readCuts(lines), black: readBlack(lines), bars, tone };
}
