import { AckPolicy, DeliverPolicy, DiscardPolicy, type JetStreamManager, nanos, type NatsConnection } from 'nats';
import {
  appConsumer,
  DOCUMENTS_BUCKET,
  DOCUMENTS_TTL_SECONDS,
  MAX_WAITING_PULLS,
  RECORDER_CONSUMER,
  stageFilter,
  type StreamDefinition,
  STREAMS,
} from '#libs/contracts';
import { make, orNull } from './api-refusal.js';
import { Control } from '../control/control.js';
import { ProvisionError } from '../errors.js';
import { provisionStream } from './provision-stream.js';
import { StoreLimits, storeOf } from './store-limits.js';

const SECOND = 1000;
const CONSUMER_NOT_FOUND = 10014;
/** Longer than a transaction of the recorder may take; a new recorder reads what an earlier one has received. */
const RECORDER_ACK_WAIT_SECONDS = 60;
const RECORDER_MAX_ACK_PENDING = 20_000;

const DEFINITIONS: ReadonlyMap<string, StreamDefinition> = new Map(
  Object.values(STREAMS).map((definition) => [definition.name, definition]),
);

/** Settings of the broker that depend on the installation. */
export interface ProvisionOptions {
  /** Number of cluster members that store each stream and bucket; default: 1. */
  readonly replicas?: number;
  /**
   * Last known sequences of the streams, by name. A recreated stream starts above its last one: acknowledgements of old
   * deliveries would otherwise hit messages of the new stream that have the same sequences.
   */
  readonly lastSequences?: ReadonlyMap<string, number>;
  /** Limits that the server accepted before; default: none is known. */
  readonly limits?: StoreLimits;
}

async function provisionRecorder({ consumers }: JetStreamManager): Promise<void> {
  const stream = STREAMS.events.name;
  if (await orNull(CONSUMER_NOT_FOUND, () => consumers.info(stream, RECORDER_CONSUMER))) return;
  await make(`consumer ${RECORDER_CONSUMER}`, () =>
    consumers.add(stream, {
      durable_name: RECORDER_CONSUMER,
      ack_policy: AckPolicy.All,
      ack_wait: nanos(RECORDER_ACK_WAIT_SECONDS * SECOND),
      deliver_policy: DeliverPolicy.All,
      max_ack_pending: RECORDER_MAX_ACK_PENDING,
      max_waiting: MAX_WAITING_PULLS,
    }),
  );
}

async function provisionDocuments(
  connection: NatsConnection,
  { streams }: JetStreamManager,
  { replicas, maxBytes }: { readonly replicas: number; readonly maxBytes: number },
): Promise<void> {
  const name = `OBJ_${DOCUMENTS_BUCKET}`;
  const what = `bucket ${DOCUMENTS_BUCKET}`;
  const wanted = {
    max_bytes: maxBytes,
    max_age: nanos(DOCUMENTS_TTL_SECONDS * SECOND),
    // A full bucket must not remove documents that are not archived yet.
    discard: DiscardPolicy.New,
    num_replicas: replicas,
  };
  // The client creates it with the fields of an object store, and without `replicas`, which newer servers reject here.
  await make(what, () =>
    connection.jetstream().views.os(DOCUMENTS_BUCKET, { ttl: wanted.max_age, max_bytes: maxBytes }),
  );
  const { config } = await streams.info(name);
  const isAsWanted = Object.entries(wanted).every(([key, value]) => config[key as keyof typeof wanted] === value);
  if (!isAsWanted) await make(what, () => streams.update(name, wanted));
}

/**
 * Creates all streams, buckets and the recorder's consumer, or updates their settings; can be called at any time, any
 * number of times and by several processes at once. The installation claims the server before anything else changes;
 * for the server of another installation it throws ProvisionError and changes nothing. Limits of streams are reduced
 * when the server has too little storage (`StoreLimits`).
 */
export async function provision(
  connection: NatsConnection,
  installation: string,
  { replicas = 1, lastSequences, limits = new StoreLimits() }: ProvisionOptions = {},
): Promise<Control> {
  const manager = await connection.jetstreamManager();
  const control = await Control.open(connection, { create: true, replicas });
  const owner = await control.claim(installation);
  if (owner !== installation) {
    throw new ProvisionError(
      `This NATS server belongs to another Chowda database (installation ${owner}; this one is ${installation}). ` +
        `Point NATS_URL at the server of this database, or at an empty one.`,
    );
  }
  const provisionLimited = async ([name, maxBytes]: readonly [string, number]) => {
    const definition = DEFINITIONS.get(name);
    if (!definition) return provisionDocuments(connection, manager, { replicas, maxBytes });
    return provisionStream(manager, definition, { replicas, lastSequence: lastSequences?.get(name), maxBytes });
  };
  await limits.fit({
    ...storeOf(manager),
    apply: async (bytes) => {
      for (const limit of bytes) await provisionLimited(limit);
    },
  });
  for (const definition of Object.values(STREAMS).filter(({ storage }) => storage === 'memory')) {
    await provisionStream(manager, definition, { replicas, lastSequence: lastSequences?.get(definition.name) });
  }
  await provisionRecorder(manager);
  return control;
}

/** Settings of the consumer of an app. */
export interface AppConsumerSettings {
  /** Documents that all workers together process at once. */
  readonly concurrency: number;
  /** Seconds. */
  readonly ackWait: number;
  /**
   * Sequence up to which everything is known to be acknowledged: a recreated consumer starts after it instead of
   * delivering everything that the stream still holds. Default: 0.
   */
  readonly acknowledged?: number | undefined;
}

/** Creates the durable pull consumer of an app, or updates its settings. */
export async function provisionApp(
  connection: NatsConnection,
  slug: string,
  { concurrency, ackWait, acknowledged = 0 }: AppConsumerSettings,
): Promise<void> {
  const { consumers, streams } = await connection.jetstreamManager();
  const stream = STREAMS.stages.name;
  const name = appConsumer(slug);
  const settings = { max_ack_pending: concurrency, ack_wait: nanos(ackWait * SECOND) };
  const found = await orNull(CONSUMER_NOT_FOUND, () => consumers.info(stream, name));
  if (!found) {
    const { state } = await streams.info(stream);
    // A stream that ends before this sequence was recreated; its acknowledgements are unknown.
    const isKnown = acknowledged > 0 && acknowledged <= state.last_seq;
    await make(`consumer ${name}`, () =>
      consumers.add(stream, {
        ...settings,
        durable_name: name,
        filter_subject: stageFilter(slug),
        ack_policy: AckPolicy.Explicit,
        ...(isKnown
          ? { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: acknowledged + 1 }
          : { deliver_policy: DeliverPolicy.All }),
        // The worker limits the number of calls; the number of deliveries alone never ends a stage.
        max_deliver: -1,
        max_waiting: MAX_WAITING_PULLS,
      }),
    );
    return;
  }
  const { max_ack_pending: pending, ack_wait: wait } = found.config;
  if (pending !== settings.max_ack_pending || wait !== settings.ack_wait) {
    await make(`consumer ${name}`, () => consumers.update(stream, name, settings));
  }
}
