import { z } from 'zod';

/** The highest `v` of slips, stage events and control values that this release reads. It writes `v` 1. */
export const READS_VERSION = 1;

/**
 * Schema of an object in a message. It keeps fields that it does not know: in a rolling update, an older worker passes on
 * what a newer scheduler added. Its type has the known fields only.
 */
export const messageObject = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.looseObject(shape) as unknown as z.ZodObject<Shape>;

/** The `v` of a head line that a newer release wrote and this one cannot read; null for any other head. */
export function newerVersion(head: unknown): number | null {
  const v: unknown = typeof head === 'object' && head !== null && 'v' in head ? head.v : null;
  return typeof v === 'number' && Number.isInteger(v) && v > READS_VERSION ? v : null;
}
