import {
  compareLineage,
  isOfOtherBatch,
  type ReadStageEvent,
  readStageEvent,
  settledSubject,
  stageSubject,
  storedLineage,
  STREAMS,
} from '#libs/contracts';
import type { UnsettledStage } from '#libs/database';
import { type ConsumerPosition, type NatsLink, readLast, type StoredMessage } from '#libs/messaging';
import type { MessagePlace, StageTraces } from './decide-sweep.js';
import { restoredStage } from './settlements.js';

/** What the broker holds about a stage: the traces for the decision, and the messages that it needs. */
export interface FoundTraces extends StageTraces {
  /** The stage's own message in this generation. */
  readonly own: StoredMessage | null;
  /** Its settlement, restored from the message of the next stage. */
  readonly restored: ReadStageEvent | null;
}

/**
 * Reads what the broker holds about a stage. `position` must have been requested before: a worker commits, publishes
 * the next stage and acknowledges in this order, so that an acknowledged stage has left its other traces by now.
 */
export async function readTraces(
  { connection }: NatsLink,
  stage: UnsettledStage,
  position: ConsumerPosition,
): Promise<FoundTraces> {
  const { app, nextApp, index } = stage;
  const stages = STREAMS.stages.name;
  const read = async (stream: string, subject: string) => {
    const stored = await readLast(connection, stream, subject);
    return stored && !isOfOtherBatch(stored.body, stage) ? stored : null;
  };
  const last = await read(stages, stageSubject(app, stage));
  const own = last && isOwn(stage, last) ? last : null;
  const message = placeOf(own, position);
  // Most suspects only wait for a free slot.
  if (message === 'waiting' && !stage.cancelled)
    return { own, message, settled: false, restored: null, nextPublished: false };
  const [settlement, next] = await Promise.all([
    read(STREAMS.events.name, settledSubject(stage)),
    nextApp === null ? null : read(stages, stageSubject(nextApp, { ...stage, index: index + 1 })),
  ]);
  const restored = next && isChild(stage, next) ? restoredStage(stage, next) : null;
  return { own, message, settled: isSettled(stage, settlement), restored, nextPublished: restored !== null };
}

/** Messages of older lineages prove nothing. One without a lineage is a raw replay, newer than what was recorded. */
function isOwn(stage: UnsettledStage, message: StoredMessage): boolean {
  const lineage = storedLineage(message);
  return lineage === null || compareLineage(lineage, stage) >= 0;
}

function isChild(stage: UnsettledStage, message: StoredMessage): boolean {
  const lineage = storedLineage(message);
  return lineage !== null && lineage.generation === stage.generation && compareLineage(lineage, stage) >= 0;
}

function placeOf(message: StoredMessage | null, { acknowledged, delivered }: ConsumerPosition): MessagePlace {
  if (!message) return 'absent';
  if (message.sequence <= acknowledged) return 'acknowledged';
  return message.sequence <= delivered ? 'delivered' : 'waiting';
}

/**
 * Whether the newest settlement in the event log is one that the recorder is about to record. One of an older root does
 * not count: it is what a raw replay in progress repeats.
 */
export function isSettled(
  { recordedLineage }: Pick<UnsettledStage, 'recordedLineage'>,
  settlement: Pick<StoredMessage, 'body'> | null,
): boolean {
  const read = settlement && readStageEvent(settlement.body);
  return read !== null && typeof read !== 'string' && compareLineage(read.event, recordedLineage) >= 0;
}
