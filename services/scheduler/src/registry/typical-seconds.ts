const SECOND = 1000;
/** A call that takes less time ends before a percentage would help. */
const SHORTEST_SECONDS = 10;
/** Smaller changes are not worth writing the settings of the app again. */
const WORTH_WRITING = 0.1;
const DIGITS = 2;

/**
 * The typical time of an app for a file as its settings state it, in seconds; undefined: unknown or short. `known`: what
 * they state now; `meanMs`: the moving mean in milliseconds.
 */
export function typicalSeconds(known: number | undefined, meanMs: number | undefined): number | undefined {
  if (meanMs === undefined) return undefined;
  const seconds = meanMs / SECOND;
  if (known !== undefined && Math.abs(seconds - known) <= known * WORTH_WRITING) return known;
  return seconds < SHORTEST_SECONDS ? undefined : Number(seconds.toPrecision(DIGITS));
}
