import {
  DiscardPolicy,
  type JetStreamManager,
  nanos,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from 'nats';
import type { StreamDefinition } from '#libs/contracts';
import { make, orNull } from './api-refusal.js';

const SECOND = 1000;
const STREAM_NOT_FOUND = 10059;
/** More than a stream can have counted since its last sequence was remembered. */
const UNSEEN_MESSAGES = 10_000_000;

const streamConfig = (definition: StreamDefinition, replicas: number): Partial<StreamConfig> & { name: string } => ({
  name: definition.name,
  subjects: [...definition.subjects],
  storage: definition.storage === 'file' ? StorageType.File : StorageType.Memory,
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  max_age: nanos(definition.maxAgeSeconds * SECOND),
  max_bytes: definition.maxBytes,
  max_msg_size: definition.maxMessageBytes,
  duplicate_window: nanos(definition.duplicateWindowSeconds * SECOND),
  allow_direct: true,
  num_replicas: replicas,
});

/** How one stream is kept. */
export interface StreamOptions {
  /** Servers of a cluster that keep it. */
  readonly replicas: number;
  /** How far it has counted at least; one that has to be made again begins well above. */
  readonly lastSequence: number | undefined;
}

/** Makes one stream as its definition says; throws ProvisionError for what the server cannot change. */
export async function provisionStream(
  { streams }: JetStreamManager,
  definition: StreamDefinition,
  { replicas, lastSequence }: StreamOptions,
): Promise<void> {
  const { name } = definition;
  const wanted = streamConfig(definition, replicas);
  let found = await orNull(STREAM_NOT_FOUND, () => streams.info(name));
  if (lastSequence !== undefined && countsAnew(found, lastSequence)) {
    // Nobody can publish to it before it counts above the old one, so that the purge takes nothing away.
    const closed = { ...wanted, subjects: [`chowda-new.${name}`] };
    found = await make(`stream ${name}`, () => (found ? streams.update(name, closed) : streams.add(closed)));
    if (found.state.messages === 0) await streams.purge(name, { seq: lastSequence + UNSEEN_MESSAGES });
  }
  if (!found) {
    await make(`stream ${name}`, () => streams.add(wanted));
    return;
  }
  const isAsWanted = Object.entries(wanted).every(
    ([key, value]) => JSON.stringify(found.config[key as keyof StreamConfig]) === JSON.stringify(value),
  );
  if (!isAsWanted) await make(`stream ${name}`, () => streams.update(name, wanted));
}

/** True for a stream that is missing, or new and empty and behind what was counted: its sequences would come again. */
const countsAnew = (found: StreamInfo | null, last: number): boolean =>
  !found || (found.state.last_seq < last && found.state.messages === 0 && found.state.consumer_count === 0);
