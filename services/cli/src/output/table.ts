import { oneLine } from './clean.js';

/** One column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string | number | null;
}

const GAP = 2;
const SHORTEST = 8;

const texts = <Row>(columns: readonly Column<Row>[], row: Row): string[] =>
  columns.map(({ of }) => oneLine(String(of(row) ?? '')));

/** An aligned table for people; the widest columns are truncated until it fits the width. */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string[] {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => texts(columns, row))];
  const widths = fitted(
    columns.map((_, column) => Math.max(...lines.map((cells) => lengthOf(cells[column]!)))),
    width - GAP * (columns.length - 1),
  );
  return lines.map((cells) =>
    cells
      .map((text, column) => padded(cut(text, widths[column]!), widths[column]!))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

/** A table for programs: complete cells, separated by tabs. */
export const tabLines = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] =>
  rows.map((row) => texts(columns, row).join('\t'));

/** Aligned names and values, one per line, without empty values. */
export function fieldLines(fields: readonly (readonly [name: string, value: string | number | null])[]): string[] {
  const shown = fields.filter(([, value]) => value !== null && value !== '');
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${oneLine(String(value))}`);
}

/** Column widths that add up to at most `room`. The widest columns shrink first, none below SHORTEST. */
function fitted(widths: readonly number[], room: number): number[] {
  const fit = [...widths];
  for (let over = fit.reduce((sum, width) => sum + width, 0) - room; over > 0; over -= 1) {
    const widest = fit.indexOf(Math.max(...fit));
    if (fit[widest]! <= SHORTEST) break;
    fit[widest]! -= 1;
  }
  return fit;
}

const lengthOf = (text: string): number => [...text].length;
const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(width - lengthOf(text), 0));

function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}
