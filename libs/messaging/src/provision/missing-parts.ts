import type { NatsConnection } from 'nats';
import { appConsumer, CONTROL_BUCKET, DOCUMENTS_BUCKET, RECORDER_CONSUMER, STREAMS } from '#libs/contracts';
import { apiNames } from '../streams/stream-info.js';

const BUCKET_STREAMS = [`KV_${CONTROL_BUCKET}`, `OBJ_${DOCUMENTS_BUCKET}`];

/**
 * Names of the streams, buckets and consumers that the server should have and does not have; `apps` are slugs.
 * Takes three small requests, however much the streams contain.
 */
export async function missingParts(connection: NatsConnection, apps: readonly string[]): Promise<string[]> {
  const [streams, ofStages, ofEvents] = await Promise.all([
    apiNames(connection, 'STREAM.NAMES'),
    apiNames(connection, `CONSUMER.NAMES.${STREAMS.stages.name}`),
    apiNames(connection, `CONSUMER.NAMES.${STREAMS.events.name}`),
  ]);
  return [
    ...[...Object.values(STREAMS).map(({ name }) => name), ...BUCKET_STREAMS].filter((name) => !streams.has(name)),
    ...apps.map(appConsumer).filter((name) => !ofStages.has(name)),
    ...[RECORDER_CONSUMER].filter((name) => !ofEvents.has(name)),
  ];
}
