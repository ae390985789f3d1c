import type { NatsConnection } from 'nats';

const REQUEST_TIMEOUT_MS = 5000;

interface InfoAnswer {
  error?: { description: string };
  created?: string;
  state?: { first_seq: number; last_seq: number };
}

/** Where a stream begins and ends. */
export interface StreamPosition {
  /** RFC 3339 time by which a stream is told from one of the same name that was made again. */
  readonly created: string;
  readonly first: number;
  readonly last: number;
}

/** Asks where a stream begins and ends; rejects when it is not there or cannot be asked. */
export async function streamPosition(connection: NatsConnection, stream: string): Promise<StreamPosition> {
  const reply = await connection.request(`$JS.API.STREAM.INFO.${stream}`, undefined, { timeout: REQUEST_TIMEOUT_MS });
  const { error, created, state } = reply.json<InfoAnswer>();
  if (error || created === undefined || !state) {
    throw new Error(`Stream ${stream} cannot be asked: ${error?.description ?? 'empty answer'}`);
  }
  return { created, first: state.first_seq, last: state.last_seq };
}
