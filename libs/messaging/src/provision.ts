import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  type JetStreamManager,
  nanos,
  type NatsConnection,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from 'nats';
import {
  ACK_WAIT_SECONDS,
  appConsumer,
  DOCUMENTS_BUCKET,
  DOCUMENTS_TTL_SECONDS,
  MAX_WAITING_PULLS,
  RECORDER_CONSUMER,
  stageFilter,
  type StreamDefinition,
  STREAMS,
} from '#libs/contracts';
import { Control } from './control.js';
import { ProvisionError } from './errors.js';

const SECOND = 1000;
const STREAM_NOT_FOUND = 10059;
const CONSUMER_NOT_FOUND = 10014;
const RECORDER_MAX_ACK_PENDING = 20_000;

interface ApiError {
  readonly err_code: number;
  readonly description: string;
}

const apiErrorOf = (error: unknown) => (error as { api_error?: ApiError }).api_error;

/** The answer of `find`, or null when the server says with `code` that it is not there. */
async function orNull<Found>(code: number, find: () => Promise<Found>): Promise<Found | null> {
  try {
    return await find();
  } catch (error) {
    if (apiErrorOf(error)?.err_code === code) return null;
    throw error;
  }
}

/** Names what the server refuses to make; an error that is no refusal stays as it is. */
async function make(what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const refusal = apiErrorOf(error);
    if (!refusal) throw error;
    throw new ProvisionError(
      `The NATS server does not take ${what} as Chowda needs it (${refusal.description}): ` +
        `remove what is in its way, or point NATS_URL at a server of its own.`,
      { cause: error },
    );
  }
}

const streamConfig = (definition: StreamDefinition): Partial<StreamConfig> & { name: string } => ({
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
});

/** Makes one stream as its definition says; throws ProvisionError for what the server cannot change. */
async function provisionStream({ streams }: JetStreamManager, definition: StreamDefinition): Promise<void> {
  const { name } = definition;
  const wanted = streamConfig(definition);
  const found = await orNull(STREAM_NOT_FOUND, () => streams.info(name));
  if (!found) return make(`stream ${name}`, () => streams.add(wanted));
  const isAsWanted = Object.entries(wanted).every(
    ([key, value]) => JSON.stringify(found.config[key as keyof StreamConfig]) === JSON.stringify(value),
  );
  if (!isAsWanted) await make(`stream ${name}`, () => streams.update(name, wanted));
}

async function provisionRecorder({ consumers }: JetStreamManager): Promise<void> {
  const stream = STREAMS.events.name;
  if (await orNull(CONSUMER_NOT_FOUND, () => consumers.info(stream, RECORDER_CONSUMER))) return;
  await make(`consumer ${RECORDER_CONSUMER}`, () =>
    consumers.add(stream, {
      durable_name: RECORDER_CONSUMER,
      ack_policy: AckPolicy.All,
      ack_wait: nanos(ACK_WAIT_SECONDS * SECOND),
      deliver_policy: DeliverPolicy.All,
      max_ack_pending: RECORDER_MAX_ACK_PENDING,
      max_waiting: MAX_WAITING_PULLS,
    }),
  );
}

/**
 * Makes all streams, buckets and the recorder's consumer; may be called at any time, any number of times. A server
 * of another installation is left as it is: ProvisionError.
 */
export async function provision(connection: NatsConnection, installation: string): Promise<Control> {
  const manager = await connection.jetstreamManager();
  const control = await Control.open(connection, { create: true });
  const owner = await control.claim(installation);
  if (owner !== installation) {
    throw new ProvisionError(
      `This NATS server belongs to another Chowda database (installation ${owner}, ours is ${installation}): ` +
        `point NATS_URL at the server of this database, or at an empty one.`,
    );
  }
  for (const definition of Object.values(STREAMS)) await provisionStream(manager, definition);
  await connection.jetstream().views.os(DOCUMENTS_BUCKET, { ttl: nanos(DOCUMENTS_TTL_SECONDS * SECOND) });
  await provisionRecorder(manager);
  return control;
}

/** What of an app's consumer can be set: documents at once over all workers, and the ack wait in seconds. */
export interface AppConsumerSettings {
  readonly concurrency: number;
  readonly ackWait: number;
}

/** Makes the durable pull consumer of an app, or brings its settings up to date. */
export async function provisionApp(
  connection: NatsConnection,
  slug: string,
  { concurrency, ackWait }: AppConsumerSettings,
): Promise<void> {
  const { consumers } = await connection.jetstreamManager();
  const stream = STREAMS.stages.name;
  const name = appConsumer(slug);
  const settings = { max_ack_pending: concurrency, ack_wait: nanos(ackWait * SECOND) };
  const found = await orNull(CONSUMER_NOT_FOUND, () => consumers.info(stream, name));
  if (!found) {
    return make(`consumer ${name}`, () =>
      consumers.add(stream, {
        ...settings,
        durable_name: name,
        filter_subject: stageFilter(slug),
        ack_policy: AckPolicy.Explicit,
        deliver_policy: DeliverPolicy.All,
        // The worker gives up by itself, after counted calls; deliveries alone never end a stage.
        max_deliver: -1,
        max_waiting: MAX_WAITING_PULLS,
      }),
    );
  }
  const { max_ack_pending: pending, ack_wait: wait } = found.config;
  if (pending !== settings.max_ack_pending || wait !== settings.ack_wait) {
    await make(`consumer ${name}`, () => consumers.update(stream, name, settings));
  }
}
