import type { NatsConnection } from 'nats';
import { apiList } from './api-list.js';

interface ConsumerPage {
  consumers?: { name: string; ack_floor?: { stream_seq: number } }[] | null;
}

/**
 * Up to which sequence of a stream each of its consumers has acknowledged everything, by name. None when the stream is
 * not there, and none of a consumer whose server is away; rejects when the stream cannot be asked.
 */
export async function consumerFloors(connection: NatsConnection, stream: string): Promise<Map<string, number>> {
  const lengthOf = ({ consumers }: ConsumerPage) => consumers?.length ?? 0;
  const pages = await apiList<ConsumerPage>(connection, `CONSUMER.LIST.${stream}`, lengthOf);
  const consumers = pages.flatMap((page) => page.consumers ?? []);
  return new Map(consumers.map(({ name, ack_floor: floor }) => [name, floor?.stream_seq ?? 0]));
}
