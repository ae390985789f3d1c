/** What Postgres refuses in texts and JSON. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

/** Where the first text lies that Postgres cannot hold, keys included; null when there is none. For values without cycles. */
export function unstorablePath(value: unknown): string[] | null {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? [] : null;
  if (typeof value !== 'object' || value === null) return null;
  // By its keys alone: pairs for each of 100,000 entries would take more than the body.
  for (const key of Object.keys(value)) {
    const path = UNSTORABLE.test(key) ? [] : unstorablePath((value as Record<string, unknown>)[key]);
    if (path) return [key.replace(UNSTORABLE, '\ufffd'), ...path];
  }
  return null;
}
