import { describe, expect, it } from '@jest/globals';
import { renderTable } from './table.js';

describe(renderTable, () => {
  it('writes Markdown with words to the left and numbers to the right', () => {
    const table = {
      title: 'Chain',
      columns: ['variant', 'µs'],
      rows: [
        ['Chowda', 412.4],
        ['bare', 3.14159],
      ],
    };
    expect(renderTable(table)).toBe(
      ['**Chain**', '', '| variant |   µs |', '| ------- | ---: |', '| Chowda  |  412 |', '| bare    | 3.14 |'].join(
        '\n',
      ),
    );
  });

  it('shows a number that is not there as a dash', () => {
    expect(renderTable({ title: '', columns: ['µs'], rows: [[Number.NaN]] })).toContain('|   - |');
  });

  it('does not give a count decimals', () => {
    expect(renderTable({ title: '', columns: ['n'], rows: [[5]] })).toContain('|   5 |');
  });
});
