import { describe, expect, it } from '@jest/globals';
import { childLineageHeader, compareLineage, newLineageHeader, parseLineageHeader } from './lineage.js';

describe('lineage', () => {
  it('compares by generation before root', () => {
    expect(compareLineage({ generation: 2, root: '1' }, { generation: 1, root: '9' })).toBeGreaterThan(0);
  });

  it('tells roots apart that differ beyond 2^53', () => {
    const older = { generation: 1, root: '1790000000000000001' };
    const newer = { generation: 1, root: '1790000000000000002' };
    expect(compareLineage(older, newer)).toBeLessThan(0);
    expect(compareLineage(newer, { ...newer })).toBe(0);
  });

  it('reads the headers it writes', () => {
    expect(parseLineageHeader(childLineageHeader({ generation: 3, root: '17' }))).toEqual({
      generation: 3,
      root: '17',
    });
    expect(parseLineageHeader(newLineageHeader(4))).toEqual({ generation: 4, root: 'new' });
  });

  it.each([undefined, '', '3', '3.', 'x.new', '3.new ', '-1.5'])('reads no lineage from %p', (header) => {
    expect(parseLineageHeader(header)).toBeNull();
  });
});
