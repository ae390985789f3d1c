import { describe, expect, it } from '@jest/globals';
import { stageMark } from './marks.js';

describe('the mark of a stage', () => {
  it.each([
    ['ok', null, null],
    ['ok', 'covers 5 of 31 min', 'partial'],
    ['ok-with-warnings', null, 'warnings'],
    ['ok-with-warnings', 'covers 5 of 31 min', 'partial'],
    ['empty', 'covers 0 of 31 min', 'empty'],
    ['app-error', 'covers 5 of 31 min', null],
    [null, null, null],
  ] as const)('with outcome %s and gap %s is %s', (outcome, gap, mark) => expect(stageMark(outcome, gap)).toBe(mark));
});
