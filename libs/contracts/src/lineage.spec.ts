import { describe, expect, it } from '@jest/globals';
import {
  childLineageHeader,
  compareLineage,
  LINEAGE_HEADER,
  lineageOfStage,
  newLineageHeader,
  parseLineageHeader,
  storedLineage,
} from './lineage.js';

describe('compareLineage', () => {
  it('compares the generation before the root', () => {
    expect(compareLineage({ generation: 2, root: '1' }, { generation: 1, root: '9' })).toBeGreaterThan(0);
  });

  it('distinguishes roots beyond 2^53', () => {
    const older = { generation: 1, root: '1790000000000000001' };
    const newer = { generation: 1, root: '1790000000000000002' };
    expect([compareLineage(older, newer), compareLineage(newer, older)]).toEqual([-1, 1]);
    expect(compareLineage(newer, { ...newer })).toBe(0);
  });

  it('compares roots as numbers, not as text', () => {
    expect(compareLineage({ generation: 1, root: '9' }, { generation: 1, root: '10' })).toBeLessThan(0);
  });
});

describe('parseLineageHeader', () => {
  it('reads the headers that Chowda writes', () => {
    expect(parseLineageHeader(childLineageHeader({ generation: 3, root: '17' }))).toEqual({
      generation: 3,
      root: '17',
    });
    expect(parseLineageHeader(newLineageHeader(4))).toEqual({ generation: 4, root: 'new' });
  });

  it.each([undefined, '', '3', '3.', 'x.new', '3.new ', '-1.5'])('rejects %p', (header) => {
    expect(parseLineageHeader(header)).toBeNull();
  });
});

describe('the lineage of a stage message', () => {
  const timestamp = '1790000000123456789';
  const stored = (header?: string) => ({
    headers: new Map(header === undefined ? [] : [[LINEAGE_HEADER, header]]),
    timestamp,
  });

  it("has the broker's timestamp as its root when the scheduler published the message", () => {
    expect(storedLineage(stored('3.new'))).toEqual({ generation: 3, root: timestamp });
    expect(lineageOfStage(stored('3.new'), 1)).toEqual({ generation: 3, root: timestamp });
  });

  it('has the root in the header when a worker published the message', () => {
    expect(storedLineage(stored('3.17'))).toEqual({ generation: 3, root: '17' });
    expect(lineageOfStage(stored('3.17'), 1)).toEqual({ generation: 3, root: '17' });
  });

  it('is unknown from the message alone when it is a raw replay', () => {
    expect(storedLineage(stored())).toBeNull();
    expect(storedLineage(stored('3.'))).toBeNull();
  });

  it('is newer than what a raw replay repeats, and older than the next generation', () => {
    const replay = lineageOfStage(stored(), 3);
    expect(replay).toEqual({ generation: 3, root: timestamp });
    expect(compareLineage(replay, { generation: 3, root: '17' })).toBeGreaterThan(0);
    expect(compareLineage(replay, { generation: 4, root: '17' })).toBeLessThan(0);
  });
});
