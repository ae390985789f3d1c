/** A figure and its limit. */
export interface Target {
  readonly what: string;
  /** Null if it could not be measured. */
  readonly figure: number | null;
  readonly unit: string;
  readonly limit: number;
  readonly side: 'at most' | 'at least';
  /** Why the figure is missing. */
  readonly reason?: string;
}

export type Verdict = 'met' | 'missed' | 'not measured';

/** Compares a figure with its limit; NaN misses every limit. */
export function judge({ figure, limit, side }: Target): Verdict {
  if (figure === null) return 'not measured';
  const isMet = side === 'at most' ? figure <= limit : figure >= limit;
  return isMet ? 'met' : 'missed';
}

const number = (value: number): string =>
  Number.isInteger(value) || Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en-US')
    : value.toPrecision(Math.abs(value) < 1 ? 2 : 3);

/** One line about a target: verdict, figure and limit. */
export function targetLine(target: Target): string {
  const { what, figure, unit, limit, side, reason } = target;
  const verdict = judge(target).padEnd('not measured'.length);
  if (figure === null) return `${verdict}  ${what}: ${reason ?? 'not available'}`;
  return `${verdict}  ${what}: ${number(figure)} ${unit} (${side} ${number(limit)})`;
}
