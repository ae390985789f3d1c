import { describe, expect, it } from '@jest/globals';
import { FfmpegError, runFfmpeg } from './ffmpeg.js';

/** An endless video. */
const ENDLESS = ['-f', 'lavfi', '-i', 'testsrc', '-f', 'rawvideo', 'pipe:1'];

describe('FFmpeg', () => {
  it('returns the requested output', async () => {
    const sizes: number[] = [];
    const twoFrames = ['-f', 'lavfi', '-i', 'testsrc=size=32x16', '-frames:v', '2', '-pix_fmt', 'gray'];
    const lines = await runFfmpeg(
      [...twoFrames, '-f', 'rawvideo', 'pipe:1'],
      (chunk) => sizes.push(chunk.length),
      new AbortController().signal,
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2 * 32 * 16);
    expect(lines.join('\n')).toContain('Output #0');
  });

  it('is killed by the signal', async () => {
    const stopping = new AbortController();
    const run = runFfmpeg(ENDLESS, () => stopping.abort(new Error('cancelled')), stopping.signal);
    // The promise settles after the process has exited; if FFmpeg kept running, this test would time out.
    await expect(run).rejects.toThrow('cancelled');
  });

  it('does not start after the signal', async () => {
    const chunks: Buffer[] = [];
    const run = runFfmpeg(ENDLESS, (chunk) => chunks.push(chunk), AbortSignal.abort(new Error('too late')));
    await expect(run).rejects.toThrow('too late');
    expect(chunks).toEqual([]);
  });

  it('reports why it failed', async () => {
    const run = runFfmpeg(['-i', 'file:/nowhere/a.mp4'], () => undefined, new AbortController().signal);
    await expect(run).rejects.toThrow(FfmpegError);
    await expect(run).rejects.toThrow('No such file or directory');
  });
});
