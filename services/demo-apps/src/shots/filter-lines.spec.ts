import { describe, expect, it } from '@jest/globals';
import { readBlack, readCuts } from './filter-lines.js';

const LINES = [
  '  Duration: 00:01:02.50, start: 0.000000, bitrate: 189 kb/s',
  '[Parsed_showinfo_4 @ 0x111f63c0] n:   0 pts:  64000 pts_time:5       pos:    92760 fmt:rgb24',
  '[blackdetect @ 0x111f4340] black_start:10 black_end:11.52 black_duration:1.52',
  '[Parsed_showinfo_4 @ 0x111f63c0] n:   1 pts: 147456 pts_time:11.52   pos:   108818 fmt:rgb24',
];

describe('the lines of the filters', () => {
  it('contain cuts and black segments in milliseconds', () => {
    expect(readCuts(LINES)).toEqual([5000, 11_520]);
    expect(readBlack(LINES)).toEqual([{ start: 10_000, end: 11_520 }]);
  });

  it('are distinguished from other lines', () => {
    expect(readCuts([LINES[0]!, LINES[2]!])).toEqual([]);
    expect(readBlack([LINES[0]!, LINES[1]!])).toEqual([]);
  });
});
