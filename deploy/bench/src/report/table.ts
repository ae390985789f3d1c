type Cell = string | number;

/** A table, printed as Markdown and stored as JSON. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

const SMALL = 10;

/** Fractions below 10 with two decimals, other numbers rounded; NaN as a dash. */
function shown(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  if (!Number.isFinite(cell)) return '-';
  return Number.isInteger(cell) || Math.abs(cell) >= SMALL ? cell.toFixed(0) : cell.toFixed(2);
}

/** A table in Markdown with aligned columns; numbers are aligned right. */
export function renderTable({ title, columns, rows }: Table): string {
  const texts = rows.map((row) => row.map(shown));
  const widths = columns.map((column, index) =>
    Math.max(3, column.length, ...texts.map((row) => row[index]?.length ?? 0)),
  );
  const isNumber = columns.map((_, index) => rows.every((row) => typeof row[index] === 'number'));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => (isNumber[index] ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!))).join(' | ')} |`;
  const rule = widths.map((width, index) => (isNumber[index] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [`**${title}**`, '', line(columns), line(rule), ...texts.map(line)].join('\n');
}
