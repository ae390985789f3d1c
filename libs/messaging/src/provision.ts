import { AckPolicy, DeliverPolicy, type JetStreamManager, nanos, type NatsConnection } from 'nats';
import {
  ACK_WAIT_SECONDS,
  appConsumer,
  DOCUMENTS_BUCKET,
  DOCUMENTS_TTL_SECONDS,
  MAX_WAITING_PULLS,
  RECORDER_CONSUMER,
  stageFilter,
  STREAMS,
} from '#libs/contracts';
import { make, orNull } from './api-refusal.js';
import { Control } from './control.js';
import { ProvisionError } from './errors.js';
import { provisionStream } from './provision-stream.js';

const SECOND = 1000;
const CONSUMER_NOT_FOUND = 10014;
const RECORDER_MAX_ACK_PENDING = 20_000;

/** How the broker is set up. */
export interface ProvisionOptions {
  /** Servers of a cluster that keep each stream and bucket; default: 1. */
  readonly replicas?: number;
  /**
   * How far streams have counted, by name. One that has to be made again begins above that: acknowledgements of
   * deliveries from the old one would otherwise hit messages of the new one that have the same sequences.
   */
  readonly lastSequences?: ReadonlyMap<string, number>;
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

async function provisionDocuments(
  connection: NatsConnection,
  { streams }: JetStreamManager,
  replicas: number,
): Promise<void> {
  // The client hands `replicas` of an object store on as a field that newer servers refuse: they are set afterwards.
  await connection.jetstream().views.os(DOCUMENTS_BUCKET, { ttl: nanos(DOCUMENTS_TTL_SECONDS * SECOND) });
  const name = `OBJ_${DOCUMENTS_BUCKET}`;
  const { config } = await streams.info(name);
  if (config.num_replicas !== replicas) {
    await make(`bucket ${DOCUMENTS_BUCKET}`, () => streams.update(name, { num_replicas: replicas }));
  }
}

/**
 * Makes all streams, buckets and the recorder's consumer; may be called at any time, any number of times. A server
 * of another installation is left as it is: ProvisionError.
 */
export async function provision(
  connection: NatsConnection,
  installation: string,
  { replicas = 1, lastSequences }: ProvisionOptions = {},
): Promise<Control> {
  const manager = await connection.jetstreamManager();
  const control = await Control.open(connection, { create: true, replicas });
  const owner = await control.claim(installation);
  if (owner !== installation) {
    throw new ProvisionError(
      `This NATS server belongs to another Chowda database (installation ${owner}, ours is ${installation}): ` +
        `point NATS_URL at the server of this database, or at an empty one.`,
    );
  }
  for (const definition of Object.values(STREAMS)) {
    await provisionStream(manager, definition, { replicas, lastSequence: lastSequences?.get(definition.name) });
  }
  await provisionDocuments(connection, manager, replicas);
  await provisionRecorder(manager);
  return control;
}

/** How the consumer of an app is set up. */
export interface AppConsumerSettings {
  /** Documents at once over all workers. */
  readonly concurrency: number;
  /** Seconds. */
  readonly ackWait: number;
  /**
   * Sequence up to which everything is known to be acknowledged: a consumer that has to be made again begins behind it
   * instead of handing over once more whatever the stream still holds. Default: 0.
   */
  readonly acknowledged?: number | undefined;
}

/** Makes the durable pull consumer of an app, or brings its settings up to date. */
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
    // A stream that ends before it is another one, of which nothing is known.
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
        // The worker gives up by itself, after counted calls; deliveries alone never end a stage.
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
