import type { z } from 'zod';
import { decodeBody } from './message.js';
import { type Slip, slipSchema } from './slip.js';
import { type StageEvent, stageEventSchema } from './stage-event.js';
import { newerVersion } from './version.js';

/** A stage event, and the inline output behind its first line. */
export interface ReadStageEvent {
  readonly event: StageEvent;
  readonly inline: Uint8Array;
}

/** A slip, and the inline document behind it. */
export interface ReadSlip {
  readonly slip: Slip;
  readonly inline: Uint8Array;
}

/** Reads the body of a message of EVENTS; returns a sentence with the reason when it is not a stage event. */
export function readStageEvent(body: Uint8Array): ReadStageEvent | string {
  const read = readBody(body, stageEventSchema, 'stage event');
  return typeof read === 'string' ? read : { event: read.head, inline: read.rest };
}

/** Reads the body of a message of STAGES or DEAD; returns a sentence with the reason when it has no valid slip. */
export function readSlip(body: Uint8Array): ReadSlip | string {
  const read = readBody(body, slipSchema, 'slip');
  return typeof read === 'string' ? read : { slip: read.head, inline: read.rest };
}

/** The version of a message that only a newer release can read; null for any other body. */
export function newerMessageVersion(body: Uint8Array): number | null {
  try {
    return newerVersion(decodeBody(body).head);
  } catch {
    return null;
  }
}

function readBody<Head>(body: Uint8Array, schema: z.ZodType<Head>, noun: string) {
  let decoded: ReturnType<typeof decodeBody>;
  try {
    decoded = decodeBody(body);
  } catch {
    return 'The first line of the message is not valid JSON.';
  }
  const head = schema.safeParse(decoded.head);
  if (head.success) return { head: head.data, rest: decoded.rest };
  const issue = head.error.issues[0]!;
  return `The first line of the message is not a valid ${noun}: ${issue.path.join('.')} ${issue.message}.`;
}
