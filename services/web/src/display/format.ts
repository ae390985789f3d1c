const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Local time of day with seconds. */
export const formatClock = (time: number | string): string => timeOfDay.format(new Date(time));

/** Local day and time. */
export const formatMoment = (time: string): string => dayAndTime.format(new Date(time));

const STEP = 1024;
const UNITS = ['B', 'KiB', 'MiB', 'GiB'] as const;

/** A size: "812 B", "3.4 MiB". */
export function formatBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / Math.log2(STEP)), UNITS.length - 1);
  const size = bytes / STEP ** power;
  return `${power === 0 ? size : size.toFixed(1)} ${UNITS[power]}`;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A duration in milliseconds: "0.4 s", "12 s", "3 min 05 s", "1 h 04 min". */
export function formatDuration(ms: number): string {
  const time = Math.max(0, ms);
  if (time < 10 * SECOND) return `${(time / SECOND).toFixed(1)} s`;
  // Rounded first, so that 59.7 s becomes a minute and not "60 s".
  const seconds = Math.round(time / SECOND);
  if (seconds < 60) return `${seconds} s`;
  if (seconds * SECOND < HOUR) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  const minutes = Math.floor((seconds * SECOND) / MINUTE);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Milliseconds between two ISO times, or until `now` if `to` is null; null if `from` is null. */
export function elapsed(from: string | null, to: string | null, now: number): number | null {
  if (from === null) return null;
  return (to === null ? now : Date.parse(to)) - Date.parse(from);
}
