import { compareLineage, decodeBody, stageEventSchema, settledSubject, stageSubject, STREAMS } from '#libs/contracts';
import type { UnsettledStage } from '#libs/database';
import { type ConsumerPosition, type NatsLink, readLast, type StoredMessage } from '#libs/messaging';
import { storedLineage } from '../admission/stage-publication.js';
import type { MessagePlace, StageTraces } from './decide-sweep.js';
import { restoredStage, type Settlement } from './settlements.js';

/** What the broker holds of a stage: the traces to decide by, and what was read of them. */
export interface FoundTraces extends StageTraces {
  /** The stage's own message in this generation. */
  readonly own: StoredMessage | null;
  /** Its settlement, as the message of the next stage tells it. */
  readonly told: Settlement | null;
}

/**
 * Reads what the broker holds of a stage. `position` must have been asked for before: a worker settles, hands on, and
 * acknowledges in this order, so that what is acknowledged has left its other traces by now.
 */
export async function readTraces(
  { connection }: NatsLink,
  stage: UnsettledStage,
  position: ConsumerPosition,
): Promise<FoundTraces> {
  const { app, nextApp, index } = stage;
  const stages = STREAMS.stages.name;
  const last = await readLast(connection, stages, stageSubject(app, stage));
  const own = last && isOwn(stage, last) ? last : null;
  const message = placeOf(own, position);
  // Most suspects only wait for a free slot.
  if (message === 'waiting' && !stage.cancelled) return { own, message, settled: false, told: null, handedOn: false };
  const [settlement, next] = await Promise.all([
    readLast(connection, STREAMS.events.name, settledSubject(stage)),
    nextApp === null ? null : readLast(connection, stages, stageSubject(nextApp, { ...stage, index: index + 1 })),
  ]);
  const told = next && isChild(stage, next) ? restoredStage(stage, next) : null;
  const settled = settlement !== null && settledGeneration(settlement) >= stage.generation;
  return { own, message, settled, told, handedOn: told !== null };
}

/** Older tries tell nothing. A message without a lineage is an operator's raw replay: newer than what was recorded. */
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
  return message.sequence <= delivered ? 'handed-over' : 'waiting';
}

function settledGeneration({ body }: StoredMessage): number {
  try {
    const event = stageEventSchema.safeParse(decodeBody(body).head);
    return event.success ? event.data.generation : 0;
  } catch {
    return 0;
  }
}
