import type { StageEvent } from '#libs/contracts';

const NANOSECONDS_PER_MS = 1_000_000n;

/**
 * The event with the start of its call by the clock of the broker, which stored it at `storedAt` (nanoseconds since 1970):
 * the clock of the worker may be wrong, and only the interval that it measured counts.
 */
export function byClockOfBroker(event: StageEvent, storedAt: string): StageEvent {
  const { started, settled } = event.times;
  const stored = Number(BigInt(storedAt) / NANOSECONDS_PER_MS);
  const duration = settled === undefined ? 0 : Math.max(0, settled - started);
  return {
    ...event,
    times: { ...event.times, started: stored - duration, ...(settled === undefined ? {} : { settled: stored }) },
  };
}
