/** Characters that Postgres rejects in text and JSON. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

/** Path of the first text or key that Postgres cannot store; null if there is none. The value must have no cycles. */
export function unstorablePath(value: unknown): string[] | null {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? [] : null;
  if (typeof value !== 'object' || value === null) return null;
  // Object.entries would allocate more for 100,000 entries than the body itself.
  for (const key of Object.keys(value)) {
    const path = UNSTORABLE.test(key) ? [] : unstorablePath((value as Record<string, unknown>)[key]);
    if (path) return [key.replace(UNSTORABLE, '\ufffd'), ...path];
  }
  return null;
}
