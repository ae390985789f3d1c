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

const isApiError = (error: unknown, code: number) =>
  (error as { api_error?: { err_code?: number } }).api_error?.err_code === code;

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
async function provisionStream(manager: JetStreamManager, definition: StreamDefinition): Promise<void> {
  const wanted = streamConfig(definition);
  try {
    const { config } = await manager.streams.info(definition.name);
    if (config.storage !== wanted.storage || config.retention !== wanted.retention) {
      throw new ProvisionError(
        `Stream ${definition.name} has another storage or retention than Chowda needs, and the server cannot change it: ` +
          `point NATS_URL at a server of its own.`,
      );
    }
    const changed = Object.entries(wanted).some(
      ([key, value]) => JSON.stringify(config[key as keyof StreamConfig]) !== JSON.stringify(value),
    );
    if (changed) await manager.streams.update(definition.name, wanted);
  } catch (error) {
    if (!isApiError(error, STREAM_NOT_FOUND)) throw error;
    await manager.streams.add(wanted);
  }
}

async function provisionRecorder(manager: JetStreamManager): Promise<void> {
  const stream = STREAMS.events.name;
  try {
    await manager.consumers.info(stream, RECORDER_CONSUMER);
  } catch (error) {
    if (!isApiError(error, CONSUMER_NOT_FOUND)) throw error;
    await manager.consumers.add(stream, {
      durable_name: RECORDER_CONSUMER,
      ack_policy: AckPolicy.All,
      ack_wait: nanos(ACK_WAIT_SECONDS * SECOND),
      deliver_policy: DeliverPolicy.All,
      max_ack_pending: RECORDER_MAX_ACK_PENDING,
      max_waiting: MAX_WAITING_PULLS,
    });
  }
}

/** Makes all streams, buckets and the recorder's consumer; may be called at any time, any number of times. */
export async function provision(connection: NatsConnection, installation: string): Promise<Control> {
  const manager = await connection.jetstreamManager();
  for (const definition of Object.values(STREAMS)) await provisionStream(manager, definition);
  await connection.jetstream().views.os(DOCUMENTS_BUCKET, { ttl: nanos(DOCUMENTS_TTL_SECONDS * SECOND) });
  const control = await Control.open(connection, { create: true });
  const owner = await control.claim(installation);
  if (owner !== installation) {
    throw new ProvisionError(
      `This NATS server belongs to another Chowda database (installation ${owner}, ours is ${installation}): ` +
        `point NATS_URL at the server of this database, or at an empty one.`,
    );
  }
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
  const manager = await connection.jetstreamManager();
  const stream = STREAMS.stages.name;
  try {
    const { config } = await manager.consumers.info(stream, appConsumer(slug));
    if (config.max_ack_pending !== concurrency || config.ack_wait !== nanos(ackWait * SECOND)) {
      const settings = { max_ack_pending: concurrency, ack_wait: nanos(ackWait * SECOND) };
      await manager.consumers.update(stream, appConsumer(slug), settings);
    }
  } catch (error) {
    if (!isApiError(error, CONSUMER_NOT_FOUND)) throw error;
    await manager.consumers.add(stream, {
      durable_name: appConsumer(slug),
      filter_subject: stageFilter(slug),
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(ackWait * SECOND),
      deliver_policy: DeliverPolicy.All,
      max_ack_pending: concurrency,
      // The worker gives up by itself, after counted calls; deliveries alone never end a stage.
      max_deliver: -1,
      max_waiting: MAX_WAITING_PULLS,
    });
  }
}
