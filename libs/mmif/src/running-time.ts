import type { ViewMetadata } from './model.js';
import { isObject } from './parse-json.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `str(timedelta)` of Python: `0:00:05.466913`, `1 day, 2:03:04`. */
const TIMEDELTA = /^(?:(\d+) days?, )?(\d+):(\d\d):(\d\d(?:\.\d+)?)$/;

/**
 * How long the app ran for a view, in seconds; null when the view does not say. clams-python 1.3 wrote
 * `appRunningTime`, later ones write `appProfiling.runningTime`.
 */
export function runningTime(metadata: ViewMetadata): number | null {
  const profiling = metadata['appProfiling'];
  const text = isObject(profiling) ? profiling['runningTime'] : metadata['appRunningTime'];
  const match = typeof text === 'string' ? TIMEDELTA.exec(text.trim()) : null;
  if (!match) return null;
  const [, days = '0', hours, minutes, seconds] = match;
  return Number(days) * DAY + Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds);
}
