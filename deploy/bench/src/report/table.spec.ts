import { describe, expect, it } from '@jest/globals';
import { renderTable } from './table.js';

describe(renderTable, () => {
  it('renders Markdown with text aligned left and numbers aligned right', () => {
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

  it('shows NaN as a dash', () => {
    expect(renderTable({ title: '', columns: ['µs'], rows: [[Number.NaN]] })).toContain('|   - |');
  });

  it('shows an integer without decimals', () => {
    expect(renderTable({ title: '', columns: ['n'], rows: [[5]] })).toContain('|   5 |');
  });
});
