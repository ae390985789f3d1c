import ffmpeg from '@ffmpeg-installer/ffmpeg';
import { spawn } from 'node:child_process';
import { access, chmod, constants } from 'node:fs/promises';
import { createInterface } from 'node:readline';

const EXECUTABLE = 0o755;
/** One thread, to leave the other cores to other services. */
const QUIET = ['-hide_banner', '-nostdin', '-nostats', '-threads', '1', '-filter_threads', '1'];

/** FFmpeg failed; `lines` is what it wrote to standard error. */
export class FfmpegError extends Error {
  override readonly name = 'FfmpegError';

  constructor(readonly lines: readonly string[]) {
    super(lines.findLast((line) => line.trim() !== '')?.trim() ?? 'FFmpeg failed without a message.');
  }
}

/** Path of the program. Makes it executable first, because npm may not have run its install script. */
async function program(): Promise<string> {
  const isExecutable = await access(ffmpeg.path, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isExecutable) await chmod(ffmpeg.path, EXECUTABLE);
  return ffmpeg.path;
}

/**
 * Runs FFmpeg and returns the lines of standard error; `onOutput` receives standard output in chunks. An aborted signal
 * kills FFmpeg; after its exit, the reason of the signal is thrown. Throws FfmpegError if FFmpeg fails.
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
