/** Byte order mark; without it, spreadsheets do not recognise UTF-8. */
export const CSV_START = '\ufeff';

/** Text that a spreadsheet would interpret as a formula; numbers may begin with a sign. */
const FORMULA = /^(?:[=@\t\r]|[+-](?![\d.,]*$))/;

/** One line of a CSV file (RFC 4180). An apostrophe precedes a text that a spreadsheet would run as a formula. */
export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(cell).join(',')}\r\n`;

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
