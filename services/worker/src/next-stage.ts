import {
  childLineageHeader,
  encodeBody,
  isOfOtherBatch,
  type Lineage,
  LINEAGE_HEADER,
  lineageOfStage,
  parseLineageHeader,
  type ReadStageEvent,
  type Slip,
  stageHeaders,
  stageSubject,
  storedLineage,
  STREAMS,
} from '#libs/contracts';
import { type NatsLink, readLast, type StoredMessage } from '#libs/messaging';
import type { StageTask } from './stage-task.js';

/** A stage message, ready to be published. */
export interface StagePublication {
  readonly subject: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** The message of the next stage after a committed success; null after the last stage and after any other outcome. */
export function nextStage(slip: Slip, { event, inline }: ReadStageEvent): StagePublication | null {
  const index = slip.index + 1;
  const stage = slip.route[index];
  if (!stage || event.kind !== 'done' || !event.document) return null;
  const { generation, root, document } = event;
  const { calls: _, ...kept } = slip;
  const next: Slip = { ...kept, generation, root, index, document };
  return {
    subject: stageSubject(stage.app, next),
    body: encodeBody(next, 'inline' in document ? inline : undefined),
    headers: stageHeaders(next, childLineageHeader(event), event.times.settled),
  };
}

/**
 * The lineage of the next stage's newest message. That message proves that this stage was settled, even if the
 * settlement is lost. Null when there is no such message, and when it is a raw replay of an operator, which has no
 * lineage. A message that the scheduler published (root `new`) proves nothing about a raw replay of this stage.
 */
export async function lastPublishedNext(
  link: NatsLink,
  { slip }: StageTask,
  isRawReplay: boolean,
): Promise<Lineage | null> {
  const index = slip.index + 1;
  const next = slip.route[index];
  if (!next) return null;
  const stored = await readLast(link.connection, STREAMS.stages.name, stageSubject(next.app, { ...slip, index }));
  if (!stored || isOfOtherBatch(stored.body, slip)) return null;
  const isFromScheduler = parseLineageHeader(stored.headers.get(LINEAGE_HEADER))?.root === 'new';
  return isRawReplay && isFromScheduler ? null : storedLineage(stored);
}

/** The lineage of a stored message of the next stage; null when it belongs to a lost batch with the same id. */
export const lineageOfNext = ({ slip }: StageTask, stored: StoredMessage, generation: number): Lineage | null =>
  isOfOtherBatch(stored.body, slip) ? null : lineageOfStage(stored, generation);
