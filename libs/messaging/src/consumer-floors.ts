import type { NatsConnection } from 'nats';

const REQUEST_TIMEOUT_MS = 5000;
const STREAM_NOT_FOUND = 10059;

interface ListPage {
  error?: { err_code?: number; description: string };
  total?: number;
  consumers?: { name: string; ack_floor?: { stream_seq: number } }[] | null;
}

/**
 * Up to which sequence of a stream each of its consumers has acknowledged everything, by name. None when the stream is
 * not there; rejects when it cannot be asked.
 */
export async function consumerFloors(connection: NatsConnection, stream: string): Promise<Map<string, number>> {
  const floors = new Map<string, number>();
  for (;;) {
    const request = JSON.stringify({ offset: floors.size });
    const reply = await connection.request(`$JS.API.CONSUMER.LIST.${stream}`, request, { timeout: REQUEST_TIMEOUT_MS });
    const { error, total = 0, consumers } = reply.json<ListPage>();
    if (error?.err_code === STREAM_NOT_FOUND) return floors;
    if (error) throw new Error(`Consumers of ${stream} cannot be listed: ${error.description}`);
    const page = consumers ?? [];
    for (const { name, ack_floor: floor } of page) floors.set(name, floor?.stream_seq ?? 0);
    if (page.length === 0 || floors.size >= total) return floors;
  }
}
