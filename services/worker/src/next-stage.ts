import {
  childLineageHeader,
  encodeBody,
  type StageEvent,
  type Lineage,
  LINEAGE_HEADER,
  parseLineageHeader,
  type Slip,
  stageHeaders,
  stageSubject,
  STREAMS,
} from '#libs/contracts';
import { type NatsLink, readLast } from '#libs/messaging';
import type { Settlement } from './stage-log.js';
import type { StageTask } from './stage-task.js';

/** A stage message ready to be published. */
export interface StagePublication {
  readonly subject: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** The message of the stage after a committed success; null after the last stage or anything but a success. */
export function nextStage(slip: Slip, { event, inline }: Settlement): StagePublication | null {
  const index = slip.index + 1;
  const stage = slip.route[index];
  if (!stage || event.kind !== 'done' || !event.document) return null;
  const next: Slip = { ...slip, ...lineageFields(event), index, document: event.document };
  return {
    subject: stageSubject(stage.app, next),
    body: encodeBody(next, 'inline' in event.document ? inline : undefined),
    headers: stageHeaders(next, childLineageHeader(event), event.times.settled),
  };
}

const lineageFields = ({ generation, root }: StageEvent) => ({ generation, root });

/**
 * The lineage in which the next stage's message stands: a proof that this stage was settled, also when its settlement
 * got lost. Null without such a message, and for one that does not say its lineage, as an operator's raw replay. That a
 * scheduler let the run go on with the next stage tells nothing about a raw replay of this one (`isRawReplay`).
 */
export async function lastHandedOn(link: NatsLink, { slip }: StageTask, isRawReplay: boolean): Promise<Lineage | null> {
  const index = slip.index + 1;
  const next = slip.route[index];
  const subject = next && stageSubject(next.app, { ...slip, index });
  const stored = subject === undefined ? null : await readLast(link.connection, STREAMS.stages.name, subject);
  const header = parseLineageHeader(stored?.headers.get(LINEAGE_HEADER));
  if (!stored || !header || (isRawReplay && header.root === 'new')) return null;
  return { generation: header.generation, root: header.root === 'new' ? stored.timestamp : header.root };
}
