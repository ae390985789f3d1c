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
/** More messages than a stream can have stored since its last sequence was remembered. */
const UNSEEN_MESSAGES = 10_000_000;

const streamConfig = (
  definition: StreamDefinition,
  { replicas, maxBytes = definition.maxBytes }: StreamOptions,
): Partial<StreamConfig> & { name: string } => ({
  name: definition.name,
  subjects: [...definition.subjects],
  storage: definition.storage === 'file' ? StorageType.File : StorageType.Memory,
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  max_age: nanos(definition.maxAgeSeconds * SECOND),
  max_bytes: maxBytes,
  max_msg_size: definition.maxMessageBytes,
  duplicate_window: nanos(definition.duplicateWindowSeconds * SECOND),
  allow_direct: true,
  num_replicas: replicas,
});

/** Settings of one stream that depend on the installation. */
export interface StreamOptions {
  /** Number of cluster members that store it. */
  readonly replicas: number;
  /** Its last known sequence; a recreated stream starts well above it. */
  readonly lastSequence: number | undefined;
  /** Default: the limit of the definition. */
  readonly maxBytes?: number | undefined;
}

/**
 * Creates one stream or updates it to its definition; throws ProvisionError for a setting that the server cannot
 * change.
 *
 * A recreated stream must not reuse sequences of the old one: late acknowledgements would hit other messages. It is
 * created with a subject on which nothing is published, purged up to a sequence above the old end while it is empty,
 * and only then gets its real subjects. After a kill between these steps, the next call continues.
 */
export async function provisionStream(
  { streams }: JetStreamManager,
  definition: StreamDefinition,
  options: StreamOptions,
): Promise<void> {
  const { name } = definition;
  const { lastSequence } = options;
  const wanted = streamConfig(definition, options);
  let found = await orNull(STREAM_NOT_FOUND, () => streams.info(name));
  if (lastSequence !== undefined && reusesSequences(found, lastSequence)) {
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

/** True for a stream that is missing, or that is new, empty and behind its last known sequence. */
const reusesSequences = (found: StreamInfo | null, last: number): boolean =>
  !found || (found.state.last_seq < last && found.state.messages === 0 && found.state.consumer_count === 0);
