const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

type Unit = 'milliseconds' | 'seconds' | 'frames' | 'clock';

/** Spellings that mmif-python accepts (utils/timeunit_helper.py). */
const SPELLINGS: Readonly<Record<Unit, readonly string[]>> = {
  milliseconds: ['m', 'ms', 'msec', 'millisecond', 'milliseconds'],
  seconds: ['s', 'se', 'sec', 'second', 'seconds'],
  frames: ['f', 'fr', 'frame', 'frames'],
  clock: ['i', 'iso', 'isoformat'],
};
const UNITS = new Map(
  Object.entries(SPELLINGS).flatMap(([unit, spellings]) => spellings.map((spelling) => [spelling, unit as Unit])),
);

/** A finite number, also when it is written as a string; else null. */
export function toNumber(value: unknown): number | null {
  if (typeof value === 'string' && value.trim() !== '') return toNumber(Number(value));
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Whether a value names a unit of time; `pixels`, for example, does not. */
export const isTimeUnit = (unit: unknown): boolean => typeof unit === 'string' && UNITS.has(unit);

/**
 * A time in the media in whole milliseconds; null when the value is not a time, its unit is unknown, or it counts frames
 * and the frame rate is unknown. Without a unit the value is in milliseconds (CLAMS vocabulary, Region, `timeUnit`).
 */
export function toMilliseconds(value: unknown, unit: unknown, fps: number | null): number | null {
  const known = unit === undefined || unit === null ? 'milliseconds' : UNITS.get(String(unit));
  const number = toNumber(value);
  switch (known) {
    case 'milliseconds':
      return number === null ? null : Math.round(number);
    case 'seconds':
      return number === null ? null : Math.round(number * SECOND);
    case 'frames':
      return number === null || fps === null ? null : Math.round((number / fps) * SECOND);
    case 'clock':
      return clockTime(value);
    case undefined:
      return null;
  }
}

/** `01:02:03.004` in milliseconds. */
function clockTime(value: unknown): number | null {
  const match = typeof value === 'string' ? /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(value) : null;
  if (!match) return null;
  return Math.round(Number(match[1]) * HOUR + Number(match[2]) * MINUTE + Number(match[3]) * SECOND);
}
