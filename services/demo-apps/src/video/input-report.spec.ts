import { describe, expect, it } from '@jest/globals';
import { readDuration, readInput } from './input-report.js';

const VIDEO = [
  "Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'a.mp4':",
  '  Duration: 00:01:02.50, start: 0.000000, bitrate: 189 kb/s',
  '    Stream #0:0(und): Video: h264 (Main) (avc1 / 0x31637661), yuv420p, 640x360, 127 kb/s, 29.97 fps, 29.97 tbr',
  '    Stream #0:1(und): Audio: aac (LC), 48000 Hz, mono, fltp, 52 kb/s (default)',
  'Stream mapping:',
  '    Stream #0:0: Video: rawvideo (RGB[24] / 0x18424752), rgb24, 56x32, 4 fps, 4 tbn, 4 tbc (default)',
];

describe('the report of FFmpeg about a video', () => {
  it('contains duration, frame rate and whether there is sound', () => {
    expect(readInput(VIDEO)).toEqual({ duration: 62_500, fps: 29.97, hasSound: true });
  });

  it('reports no sound for a silent video', () => {
    expect(readInput(VIDEO.filter((line) => !line.includes('Audio')))?.hasSound).toBe(false);
  });

  it('is null for a file with only sound', () => {
    expect(readInput(VIDEO.filter((line) => !line.includes('h264')))).toBeNull();
  });

  it('ignores a cover picture', () => {
    const cover = '    Stream #0:1: Video: mjpeg, yuvj420p, 600x600, 90k tbr, 90k tbn (attached pic)';
    expect(readInput([VIDEO[1]!, cover])).toBeNull();
  });

  it('is null for a file without a duration', () => {
    expect(readDuration('  Duration: N/A, bitrate: N/A')).toBeNull();
    expect(readInput(VIDEO.map((line) => line.replace('00:01:02.50', 'N/A')))).toBeNull();
  });
});
