const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A length of time in words: "0.4 s", "12 s", "3 min 05 s", "1 h 04 min". */
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

/** Milliseconds from an ISO time to another, or to `now` when it has not ended; null before it began. */
export function elapsed(from: string | null, to: string | null, now: number): number | null {
  if (from === null) return null;
  return (to === null ? now : Date.parse(to)) - Date.parse(from);
}
