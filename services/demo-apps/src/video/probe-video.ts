import { FfmpegError, runFfmpeg } from './ffmpeg.js';
import { type InputReport, readInput } from './input-report.js';
import { NoVideoError } from './video-file.js';

/** Asks FFmpeg what a file is, without reading its pictures. Throws NoVideoError when it is no video. */
export async function probeVideo(path: string, signal: AbortSignal): Promise<InputReport> {
  const address = `file:${path}`;
  const lines = await runFfmpeg(['-i', address, '-t', '0', '-f', 'null', '-'], () => undefined, signal).catch(
    (error: unknown) => {
      if (!(error instanceof FfmpegError)) throw error;
      const reason = error.message.replace(`${address}: `, '');
      throw new NoVideoError(`${path} is no video that FFmpeg can read: ${reason}`, { cause: error });
    },
  );
  const report = readInput(lines);
  if (!report) throw new NoVideoError(`${path} is no video: it holds no pictures, or does not say how long they run.`);
  return report;
}
