import { z } from 'zod';

/** The highest `v` of slips, stage events and control values that this release reads. See `versionToPublish` for those that it writes. */
export const READS_VERSION = 1;

/**
 * Schema of an object in a message. It keeps fields that it does not know: in a rolling update, an older worker passes on
 * what a newer scheduler added. Its type has the known fields only.
 */
export const messageObject = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.looseObject(shape) as unknown as z.ZodObject<Shape>;

/**
 * The `v` with which a release that reads up to `own` publishes, given what running processes report in their heartbeats
 * (`undefined`: version 1). Without a report, it is the version that the release before reads.
 */
export const versionToPublish = (reads: readonly (number | undefined)[], own = READS_VERSION): number =>
  reads.length === 0 ? Math.max(1, own - 1) : Math.min(own, ...reads.map((version = 1) => version));

/** The `v` of a head line that a newer release wrote and this one cannot read; null for any other head. */
export function newerVersion(head: unknown): number | null {
  const v: unknown = typeof head === 'object' && head !== null && 'v' in head ? head.v : null;
  return typeof v === 'number' && Number.isInteger(v) && v > READS_VERSION ? v : null;
}
