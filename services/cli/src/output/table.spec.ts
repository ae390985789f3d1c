import { describe, expect, it } from '@jest/globals';
import { type Column, fieldLines, tabLines, tableLines } from './table.js';

interface Row {
  readonly id: number;
  readonly title: string | null;
}
const columns: Column<Row>[] = [
  { title: 'Id', of: ({ id }) => id },
  { title: 'Title', of: ({ title }) => title },
];

describe(tableLines, () => {
  it('aligns its columns', () => {
    const rows = [
      { id: 7, title: 'News' },
      { id: 1234, title: null },
    ];
    expect(tableLines(columns, rows, 80)).toEqual(['Id    Title', '7     News', '1234']);
  });

  it('truncates the longest column until all fit', () => {
    const rows = [{ id: 1234567, title: 'x'.repeat(100) }];
    const lines = tableLines(columns, rows, 40);
    expect(lines[1]).toBe(`1234567  ${'x'.repeat(30)}…`);
    expect(lines.every((line) => line.length <= 40)).toBe(true);
  });

  it('keeps at least 8 characters of a column', () => {
    expect(tableLines(columns, [{ id: 1, title: 'x'.repeat(100) }], 4)[1]).toBe(`1   ${'x'.repeat(7)}…`);
  });

  it('removes control characters', () => {
    const [, line] = tableLines(columns, [{ id: 1, title: 'a\u001b[2Jb\r\nc\u009bd' }], 80);
    expect(line).toBe('1   a [2Jb c d');
  });

  it('counts characters, not UTF-16 code units', () => {
    const [, line] = tableLines(columns, [{ id: 1, title: '𝄞'.repeat(20) }], 14);
    expect(line).toBe(`1   ${'𝄞'.repeat(9)}…`);
  });
});

describe(tabLines, () => {
  it('keeps every cell complete and on one line', () => {
    expect(tabLines(columns, [{ id: 1, title: `${'x'.repeat(200)}\ty\nz` }])).toEqual([`1\t${'x'.repeat(200)} y z`]);
  });
});

describe(fieldLines, () => {
  it('aligns values and omits empty ones', () => {
    const fields = [
      ['Name', 'News'],
      ['Finished', null],
      ['Files', 0],
      ['Notes', ''],
    ] as const;
    expect(fieldLines(fields)).toEqual(['Name   News', 'Files  0']);
  });
});
