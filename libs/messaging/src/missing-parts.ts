import type { NatsConnection } from 'nats';
import { appConsumer, CONTROL_BUCKET, DOCUMENTS_BUCKET, RECORDER_CONSUMER, STREAMS } from '#libs/contracts';
import { apiList } from './api-list.js';

interface NamesPage {
  streams?: string[] | null;
  consumers?: string[] | null;
}

const BUCKET_STREAMS = [`KV_${CONTROL_BUCKET}`, `OBJ_${DOCUMENTS_BUCKET}`];

/**
 * Names of the streams, buckets and consumers that should be on the server and are not, for the apps of these slugs.
 * Costs three small requests, whatever the streams hold.
 */
export async function missingParts(connection: NatsConnection, apps: readonly string[]): Promise<string[]> {
  const [streams, ofStages, ofEvents] = await Promise.all([
    names(connection, 'STREAM.NAMES'),
    names(connection, `CONSUMER.NAMES.${STREAMS.stages.name}`),
    names(connection, `CONSUMER.NAMES.${STREAMS.events.name}`),
  ]);
  return [
    ...[...Object.values(STREAMS).map(({ name }) => name), ...BUCKET_STREAMS].filter((name) => !streams.has(name)),
    ...apps.map(appConsumer).filter((name) => !ofStages.has(name)),
    ...[RECORDER_CONSUMER].filter((name) => !ofEvents.has(name)),
  ];
}

/** A list of names; empty when the stream itself is not there. */
async function names(connection: NatsConnection, verb: string): Promise<Set<string>> {
  const namesOf = ({ streams, consumers }: NamesPage) => streams ?? consumers ?? [];
  const pages = await apiList<NamesPage>(connection, verb, (page) => namesOf(page).length);
  return new Set(pages.flatMap(namesOf));
}
