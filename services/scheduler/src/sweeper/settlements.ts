import {
  encodeBody,
  isOtherBatch,
  type Lineage,
  readSlip,
  type ReadStageEvent,
  readStageEvent,
  settledSubject,
  type StageEvent,
  storedLineage,
  STREAMS,
} from '#libs/contracts';
import type { UnsettledStage } from '#libs/database';
import { milliseconds, type NatsLink, publishOnce, type StoredMessage } from '#libs/messaging';

const PUBLISH_TIMEOUT_MS = 5000;
/** Name in the `worker` field of these events. */
const WORKER = 'scheduler';
const NO_BYTES = new Uint8Array();

const commonEvent = ({ batch, batchKey, run, row, guid, index, stages, app }: UnsettledStage, installation: string) =>
  ({ v: 1, installation, batch, batchKey, run, row, guid, index, stages, app, delivery: 1, worker: WORKER }) as const;

/** The settlement of a cancelled stage that no worker is running; `own` is its message, if that exists. */
export function cancelledStage(
  stage: UnsettledStage,
  own: StoredMessage | null,
  { installation, now }: { readonly installation: string; readonly now: number },
): ReadStageEvent {
  const { generation, root } = (own && storedLineage(own)) ?? stage;
  const times = { published: stage.queuedAt, started: now, settled: now };
  const event: StageEvent = {
    ...commonEvent(stage, installation),
    generation,
    root,
    call: 0,
    kind: 'cancelled',
    outcome: 'cancelled',
    sentence: 'The stage was cancelled while no worker was running it.',
    times,
  };
  return { event, inline: NO_BYTES };
}

/**
 * The settlement of a done stage, restored from the message of the next stage, which carries the output and was
 * published after the lost settlement. Null when that message cannot be read.
 */
export function restoredStage(stage: UnsettledStage, next: StoredMessage): ReadStageEvent | null {
  const lineage = storedLineage(next);
  const read = readSlip(next.body);
  if (!lineage || typeof read === 'string') return null;
  const { installation, document } = read.slip;
  const at = milliseconds(next.timestamp);
  const event: StageEvent = {
    ...commonEvent(stage, installation),
    generation: lineage.generation,
    root: lineage.root,
    call: 1,
    kind: 'done',
    outcome: 'ok',
    sentence: `${stage.app} finished; its details were lost with the event log.`,
    times: { published: stage.queuedAt, started: at, settled: at },
    document,
  };
  return { event, inline: 'inline' in document ? read.inline : NO_BYTES };
}

/** Commits a settlement, unless the event log already has one of its lineage or a newer one. */
export async function commitSettlement(link: NatsLink, { event, inline }: ReadStageEvent): Promise<void> {
  const lineageOf = ({ body }: StoredMessage): Lineage | null => {
    const read = readStageEvent(body);
    if (typeof read === 'string' || isOtherBatch(read.event, event)) return null;
    return read.event.installation === event.installation ? read.event : null;
  };
  const message = { subject: settledSubject(event), body: encodeBody(event, inline), lineage: event, lineageOf };
  await publishOnce(link, { stream: STREAMS.events.name, ...message }, AbortSignal.timeout(PUBLISH_TIMEOUT_MS));
}
