/** A figure and the limit it has to keep. */
export interface Target {
  readonly what: string;
  /** Null when it could not be measured. */
  readonly figure: number | null;
  readonly unit: string;
  readonly limit: number;
  readonly side: 'at most' | 'at least';
  /** Why there is no figure. */
  readonly reason?: string;
}

export type Verdict = 'held' | 'missed' | 'not measured';

/** A figure that is no number keeps no limit. */
export function judge({ figure, limit, side }: Target): Verdict {
  if (figure === null) return 'not measured';
  const isKept = side === 'at most' ? figure <= limit : figure >= limit;
  return isKept ? 'held' : 'missed';
}

const number = (value: number): string =>
  Number.isInteger(value) || Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en-US')
    : value.toPrecision(Math.abs(value) < 1 ? 2 : 3);

/** One line about a target: whether it is held, the figure and the limit. */
export function targetLine(target: Target): string {
  const { what, figure, unit, limit, side, reason } = target;
  const verdict = judge(target).padEnd('not measured'.length);
  if (figure === null) return `${verdict}  ${what}: ${reason ?? 'no figure'}`;
  return `${verdict}  ${what}: ${number(figure)} ${unit} (${side} ${number(limit)})`;
}
