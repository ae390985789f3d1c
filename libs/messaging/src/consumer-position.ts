import type { NatsConnection } from 'nats';

const REQUEST_TIMEOUT_MS = 5000;

interface InfoAnswer {
  error?: { description: string };
  ack_floor?: { stream_seq: number };
  delivered?: { stream_seq: number };
  num_pending?: number;
  num_ack_pending?: number;
}

/** Where a consumer stands in its stream, as sequences of the stream. */
export interface ConsumerPosition {
  /** Everything up to here is acknowledged. */
  readonly acknowledged: number;
  /** Everything up to here was handed over once. */
  readonly handedOver: number;
  /** Messages behind `handedOver`. */
  readonly pending: number;
  /** Messages handed over and not acknowledged. */
  readonly unacknowledged: number;
}

/** Asks where a consumer stands; rejects when it is not there or cannot be asked. */
export async function consumerPosition(
  connection: NatsConnection,
  stream: string,
  consumer: string,
): Promise<ConsumerPosition> {
  const reply = await connection.request(`$JS.API.CONSUMER.INFO.${stream}.${consumer}`, undefined, {
    timeout: REQUEST_TIMEOUT_MS,
  });
  const { error, ack_floor: floor, delivered, ...counts } = reply.json<InfoAnswer>();
  if (error || !floor || !delivered) {
    throw new Error(`Consumer ${consumer} of ${stream} cannot be asked: ${error?.description ?? 'empty answer'}`);
  }
  return {
    acknowledged: floor.stream_seq,
    handedOver: delivered.stream_seq,
    pending: counts.num_pending ?? 0,
    unacknowledged: counts.num_ack_pending ?? 0,
  };
}
