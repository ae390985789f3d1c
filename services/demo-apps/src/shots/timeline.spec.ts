import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Findings, layTimeline } from './timeline.js';

const NOTHING: Findings = { duration: 10_000, cuts: [], black: [], bars: [], shortest: 400 };
const laid = (findings: Partial<Findings>) =>
  layTimeline({ ...NOTHING, ...findings }).map(({ label, start, end }) => `${label} ${start}-${end}`);

describe('the timeline of a video', () => {
  it('is one shot if nothing was found', () => {
    expect(laid({})).toEqual(['shot 0-10000']);
  });

  it('starts a shot at every cut', () => {
    expect(laid({ cuts: [3000, 7000] })).toEqual(['shot 0-3000', 'shot 3000-7000', 'shot 7000-10000']);
  });

  it('ignores flicker after a cut', () => {
    expect(laid({ cuts: [3000, 3080, 3160, 7000] })).toEqual(['shot 0-3000', 'shot 3000-7000', 'shot 7000-10000']);
  });

  it('separates bars and black, and aligns their edges with cuts', () => {
    const findings = { bars: [{ start: 0, end: 3250 }], cuts: [3000, 5000], black: [{ start: 5000, end: 6000 }] };
    expect(laid(findings)).toEqual(['bars 0-3000', 'shot 3000-5000', 'black 5000-6000', 'shot 6000-10000']);
  });

  it('ignores cuts inside black', () => {
    expect(laid({ black: [{ start: 2000, end: 6000 }], cuts: [2000, 4000, 6000] })).toEqual([
      'shot 0-2000',
      'black 2000-6000',
      'shot 6000-10000',
    ]);
  });

  it('merges a last frame after black into the black', () => {
    expect(laid({ black: [{ start: 8000, end: 9960 }] })).toEqual(['shot 0-8000', 'black 8000-10000']);
  });

  it('is empty for a video without length', () => {
    expect(laid({ duration: 0 })).toEqual([]);
  });

  it('has no gaps or overlaps, whatever was found', () => {
    const time = fc.integer({ min: 0, max: 10_000 });
    const segments = fc.array(
      fc.tuple(time, time).map(([one, other]) => ({ start: Math.min(one, other), end: Math.max(one, other) })),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.array(time), segments, segments, (cuts, black, bars) => {
        const parts = layTimeline({ ...NOTHING, cuts, black, bars });
        expect(parts[0]?.start).toBe(0);
        expect(parts.at(-1)?.end).toBe(NOTHING.duration);
        parts.slice(1).forEach((part, index) => expect(part.start).toBe(parts[index]!.end));
        parts.forEach((part) => expect(part.end).toBeGreaterThan(part.start));
      }),
    );
  });
});
