import { describe, expect, it } from '@jest/globals';
import { decideConflict } from './conflict.js';

const ours = { generation: 2, root: '200' };

describe('a conflict', () => {
  it.each([
    ['the same lineage', { ...ours }, 'adopt'],
    ['an older root', { generation: 2, root: '199' }, 'replace'],
    ['an older generation', { generation: 1, root: '999' }, 'replace'],
    ['a newer root', { generation: 2, root: '201' }, 'superseded'],
    ['a newer generation', { generation: 3, root: '1' }, 'superseded'],
    ['a message that cannot be read', null, 'replace'],
  ] as const)('with %s', (_, last, decision) => {
    expect(decideConflict(ours, last)).toBe(decision);
  });
});
