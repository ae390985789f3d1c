import { describe, expect, it } from '@jest/globals';
import { childLineageHeader, compareLineage, lineageOfStage, newLineageHeader, parseLineageHeader } from './lineage.js';

describe('a lineage', () => {
  it('is compared by generation before root', () => {
    expect(compareLineage({ generation: 2, root: '1' }, { generation: 1, root: '9' })).toBeGreaterThan(0);
  });

  it('distinguishes roots that differ beyond 2^53', () => {
    const older = { generation: 1, root: '1790000000000000001' };
    const newer = { generation: 1, root: '1790000000000000002' };
    expect(compareLineage(older, newer)).toBeLessThan(0);
    expect(compareLineage(newer, { ...newer })).toBe(0);
  });

  it('is parsed from the headers that it writes', () => {
    expect(parseLineageHeader(childLineageHeader({ generation: 3, root: '17' }))).toEqual({
      generation: 3,
      root: '17',
    });
    expect(parseLineageHeader(newLineageHeader(4))).toEqual({ generation: 4, root: 'new' });
  });

  it.each([undefined, '', '3', '3.', 'x.new', '3.new ', '-1.5'])('is not parsed from %p', (header) => {
    expect(parseLineageHeader(header)).toBeNull();
  });
});

describe('lineageOfStage', () => {
  const timestamp = '1790000000123456789';

  it("uses the broker's timestamp of the scheduler's message as its root", () => {
    expect(lineageOfStage({ lineageHeader: '3.new', timestamp }, 1)).toEqual({ generation: 3, root: timestamp });
  });

  it('uses the root named in the message of a worker', () => {
    expect(lineageOfStage({ lineageHeader: '3.17', timestamp }, 1)).toEqual({ generation: 3, root: '17' });
  });

  it('makes a raw replay newer than what it repeats, and older than the next generation', () => {
    const replay = lineageOfStage({ lineageHeader: undefined, timestamp }, 3);
    expect(compareLineage(replay, { generation: 3, root: '17' })).toBeGreaterThan(0);
    expect(compareLineage(replay, { generation: 4, root: '17' })).toBeLessThan(0);
  });
});
