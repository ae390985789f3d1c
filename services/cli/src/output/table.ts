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

/** A table for people: aligned, and cut to fit a width, the longest columns first. */
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

/** The same for programs: cells whole, with tabs between them. */
export const tabLines = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] =>
  rows.map((row) => texts(columns, row).join('\t'));

/** Names and values, one below the other; what has no value is left out. */
export function fieldLines(fields: readonly (readonly [name: string, value: string | number | null])[]): string[] {
  const shown = fields.filter(([, value]) => value !== null && value !== '');
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${oneLine(String(value))}`);
}

/** Widths that together are at most `room`; the widest shrink first, none below the shortest that says something. */
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
