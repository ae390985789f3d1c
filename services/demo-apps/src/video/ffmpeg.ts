import ffmpeg from '@ffmpeg-installer/ffmpeg';
import { spawn } from 'node:child_process';
import { access, chmod, constants } from 'node:fs/promises';
import { createInterface } from 'node:readline';

const EXECUTABLE = 0o755;
/** One thread leaves the other cores to the services beside. */
const QUIET = ['-hide_banner', '-nostdin', '-nostats', '-threads', '1', '-filter_threads', '1'];

/** FFmpeg ended with an error; `lines` is what it wrote about it. */
export class FfmpegError extends Error {
  override readonly name = 'FfmpegError';

  constructor(readonly lines: readonly string[]) {
    super(lines.findLast((line) => line.trim() !== '')?.trim() ?? 'FFmpeg ended without a message.');
  }
}

/** Path of the program; npm may have unpacked it without the right to run it when install scripts are off. */
async function program(): Promise<string> {
  const runs = await access(ffmpeg.path, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!runs) await chmod(ffmpeg.path, EXECUTABLE);
  return ffmpeg.path;
}

/**
 * Runs FFmpeg and gives the lines it wrote to standard error; `onOutput` gets standard output piece by piece. An
 * aborted signal kills FFmpeg, and its reason is thrown when FFmpeg is gone. Throws FfmpegError when it fails.
 */
export async function runFfmpeg(
  args: readonly string[],
  onOutput: (chunk: Buffer) => void,
  signal: AbortSignal,
): Promise<string[]> {
  const path = await program();
  signal.throwIfAborted();
  const child = spawn(path, [...QUIET, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  child.stdout.on('data', onOutput);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => signal.removeEventListener('abort', kill));
  signal.throwIfAborted();
  if (code !== 0) throw new FfmpegError(lines);
  return lines;
}
