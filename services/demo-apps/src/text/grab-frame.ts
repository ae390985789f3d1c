import { runFfmpeg } from '../video/ffmpeg.js';

/** The frame at `time` milliseconds as a greyscale PNG in the size of the video; null after the last frame. */
export async function grabFrame(path: string, time: number, signal: AbortSignal): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  // -ss before -i seeks to a key frame, so a late frame takes no longer than an early one.
  const from = ['-ss', (time / 1000).toFixed(3), '-i', `file:${path}`];
  const to = ['-frames:v', '1', '-vf', 'format=gray', '-c:v', 'png', '-f', 'image2pipe', 'pipe:1'];
  await runFfmpeg([...from, ...to], (chunk) => chunks.push(chunk), signal);
  return chunks.length === 0 ? null : Buffer.concat(chunks);
}
