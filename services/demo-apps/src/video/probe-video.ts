import { FfmpegError, runFfmpeg } from './ffmpeg.js';
import { type InputReport, readInput } from './input-report.js';
import { NoVideoError } from './video-file.js';

/** Reads the properties of a video with FFmpeg, without decoding it. Throws NoVideoError if the file is not a video. */
export async function probeVideo(path: string, signal: AbortSignal): Promise<InputReport> {
  const address = `file:${path}`;
  const lines = await runFfmpeg(['-i', address, '-t', '0', '-f', 'null', '-'], () => undefined, signal).catch(
    (error: unknown) => {
      if (!(error instanceof FfmpegError)) throw error;
      const reason = error.message.replace(`${address}: `, '');
      throw new NoVideoError(`FFmpeg cannot read ${path} as a video: ${reason}`, { cause: error });
    },
  );
  const report = readInput(lines);
  if (!report) throw new NoVideoError(`${path} is not a video: it has no video stream or no duration.`);
  return report;
}
