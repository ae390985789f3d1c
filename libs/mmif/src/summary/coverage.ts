const MINUTE = 60_000;
/** Coverage below this share of the media is reported. */
const CLEARLY_LESS = 0.9;

/** How much of the media the annotations cover, in milliseconds. */
export interface Coverage {
  readonly covered: number;
  readonly of: number;
}

/**
 * How far the annotations extend into the media, from the latest annotated time and the duration, in milliseconds.
 * Null when either is unknown or not finite.
 */
export function coverage({
  latest,
  duration,
}: {
  readonly latest: number | null;
  readonly duration: number | null;
}): Coverage | null {
  if (latest === null || duration === null || duration <= 0) return null;
  // JSON can contain numbers such as 1e400.
  if (!Number.isFinite(latest) || !Number.isFinite(duration)) return null;
  return { covered: Math.min(Math.max(latest, 0), duration), of: duration };
}

/**
 * `covers 5 of 31 min` when the annotations end long before the media does, else null. Long before means that less
 * than 90 % is covered and more than a minute is missing: credits and silence at the end rarely have annotations.
 */
export function coverageGap(reached: Coverage | null): string | null {
  if (reached === null) return null;
  const { covered, of } = reached;
  if (covered >= of * CLEARLY_LESS || of - covered <= MINUTE) return null;
  return `covers ${Math.floor(covered / MINUTE)} of ${Math.round(of / MINUTE)} min`;
}
