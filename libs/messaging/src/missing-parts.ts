import type { NatsConnection } from 'nats';
import { appConsumer, CONTROL_BUCKET, DOCUMENTS_BUCKET, RECORDER_CONSUMER, STREAMS } from '#libs/contracts';

const REQUEST_TIMEOUT_MS = 5000;
const STREAM_NOT_FOUND = 10059;

interface NamesPage {
  error?: { err_code?: number; description: string };
  total?: number;
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

/** All pages of a list of names; none when the stream itself is not there. */
async function names(connection: NatsConnection, verb: string): Promise<Set<string>> {
  const found = new Set<string>();
  for (;;) {
    const request = JSON.stringify({ offset: found.size });
    const reply = await connection.request(`$JS.API.${verb}`, request, { timeout: REQUEST_TIMEOUT_MS });
    const { error, total = 0, streams, consumers } = reply.json<NamesPage>();
    if (error?.err_code === STREAM_NOT_FOUND) return found;
    if (error) throw new Error(`The server does not tell its names (${verb}): ${error.description}`);
    const page = streams ?? consumers ?? [];
    page.forEach((name) => found.add(name));
    if (page.length === 0 || found.size >= total) return found;
  }
}
