/** Without it spreadsheets take UTF-8 for the letters of another language. */
export const CSV_START = '\ufeff';

/** What a spreadsheet would take for a formula; numbers may begin with a sign. */
const FORMULA = /^(?:[=@\t\r]|[+-](?![\d.,]*$))/;

/** One line of a CSV file (RFC 4180). A text that a spreadsheet would run as a formula gets an apostrophe before it. */
export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(cell).join(',')}\r\n`;

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
