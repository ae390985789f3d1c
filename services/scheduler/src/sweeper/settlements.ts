import {
  decodeBody,
  encodeBody,
  type StageEvent,
  type Lineage,
  settledSubject,
  type Slip,
  slipSchema,
  STREAMS,
} from '#libs/contracts';
import type { UnsettledStage } from '#libs/database';
import { milliseconds, type NatsLink, publishOnce, type StoredMessage } from '#libs/messaging';
import { storedLineage } from '../admission/stage-publication.js';
import { readEvent } from '../recorder/read-event.js';

const PUBLISH_TIMEOUT_MS = 5000;
/** Who says so in these events. */
const WORKER = 'scheduler';

/** A settlement that the sweep writes in a worker's stead, and the inline output behind it. */
export interface Settlement {
  readonly event: StageEvent;
  readonly inline?: Uint8Array;
}

const commonEvent = ({ batch, run, row, guid, index, stages, app }: UnsettledStage, installation: string) =>
  ({ v: 1, installation, batch, run, row, guid, index, stages, app, delivery: 1, worker: WORKER }) as const;

/** Settles a stage of a cancelled batch; `own` is its message, if there still is one. */
export function cancelledStage(
  stage: UnsettledStage,
  own: StoredMessage | null,
  { installation, now }: { readonly installation: string; readonly now: number },
): Settlement {
  const { generation, root } = (own && storedLineage(own)) ?? stage;
  const times = { published: stage.queuedAt, started: now, settled: now };
  const sentence = 'It was cancelled, and no worker had this stage in hand.';
  const common = commonEvent(stage, installation);
  return { event: { ...common, generation, root, call: 0, kind: 'cancelled', outcome: 'cancelled', sentence, times } };
}

/**
 * Settles a stage as done whose settlement got lost, by the message of the next stage: it carries the output, and it
 * was published after the settlement. Null when that message cannot be read.
 */
export function restoredStage(stage: UnsettledStage, next: StoredMessage): Settlement | null {
  const lineage = storedLineage(next);
  const read = readSlip(next.body);
  if (!lineage || !read) return null;
  const { installation, document } = read.slip;
  const at = milliseconds(next.timestamp);
  const event: StageEvent = {
    ...commonEvent(stage, installation),
    generation: lineage.generation,
    root: lineage.root,
    call: 1,
    kind: 'done',
    outcome: 'ok',
    sentence: `${stage.app} is done; what else is known of it got lost with the event log.`,
    times: { published: stage.queuedAt, started: at, settled: at },
    document,
  };
  return { event, ...('inline' in document ? { inline: read.rest } : {}) };
}

function readSlip(body: Uint8Array): { slip: Slip; rest: Uint8Array } | null {
  try {
    const { head, rest } = decodeBody(body);
    return { slip: slipSchema.parse(head), rest };
  } catch {
    return null;
  }
}

/** Commits a settlement to the event log, unless its lineage or a newer one is settled there by now. */
export async function commitSettlement(link: NatsLink, { event, inline }: Settlement): Promise<void> {
  const lineageOf = (stored: StoredMessage): Lineage | null => {
    const read = readEvent(stored.body, event.installation);
    return typeof read === 'string' ? null : read.event;
  };
  const message = { subject: settledSubject(event), body: encodeBody(event, inline), lineage: event, lineageOf };
  await publishOnce(link, { stream: STREAMS.events.name, ...message }, AbortSignal.timeout(PUBLISH_TIMEOUT_MS));
}
