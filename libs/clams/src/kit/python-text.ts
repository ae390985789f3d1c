/** A JSON value as Python's `str()` writes it, which is how the SDK reads the values of an envelope. */
export function pythonText(value: unknown): string {
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null) return 'None';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(quote, `\\${quote}`);
  return `${quote}${escaped}${quote}`;
}

/** A list of strings as Python writes it, `['a', 'b']`: the form in which the SDK records several values. */
export const pythonList = (texts: readonly string[]): string => `[${texts.map(quoted).join(', ')}]`;

const SECOND = 1000;
const MICROSECONDS = 1_000_000;
const DAY = 86_400;

/** A duration in milliseconds as Python writes a timedelta: `0:00:05.466913`, `1 day, 2:03:04`. */
export function timedeltaText(milliseconds: number): string {
  const total = Math.round((milliseconds / SECOND) * MICROSECONDS);
  const seconds = Math.floor(total / MICROSECONDS);
  const fraction = total % MICROSECONDS;
  const days = Math.floor(seconds / DAY);
  const twoDigits = (value: number) => String(value).padStart(2, '0');
  const clock = [Math.floor((seconds % DAY) / 3600), twoDigits(Math.floor(seconds / 60) % 60), twoDigits(seconds % 60)];
  return [
    days === 0 ? '' : `${days} day${days === 1 ? '' : 's'}, `,
    clock.join(':'),
    fraction === 0 ? '' : `.${String(fraction).padStart(6, '0')}`,
  ].join('');
}
