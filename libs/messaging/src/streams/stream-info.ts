import type { NatsConnection } from 'nats';

const REQUEST_TIMEOUT_MS = 5000;
const STREAM_NOT_FOUND = 10059;

interface ApiError {
  readonly err_code?: number;
  readonly description: string;
}

/** Where a stream begins and ends. */
export interface StreamPosition {
  /** RFC 3339 time; differs after the stream was recreated under the same name. */
  readonly created: string;
  readonly first: number;
  readonly last: number;
}

interface StreamInfo {
  error?: ApiError;
  created?: string;
  /** Number of subjects. */
  total?: number;
  state?: { first_seq: number; last_seq: number; subjects?: Record<string, number> };
}

/** Reads the position of a stream; rejects when the stream does not exist or cannot be read. */
export async function streamPosition(connection: NatsConnection, stream: string): Promise<StreamPosition> {
  const { error, created, state } = await apiRequest<StreamInfo>(connection, `STREAM.INFO.${stream}`);
  if (error || created === undefined || !state) throw unreadable(`Stream ${stream}`, error);
  return { created, first: state.first_seq, last: state.last_seq };
}

/**
 * When the broker answered with the information about a stream, in milliseconds since 1970 by its clock. Servers before
 * 2.10 do not report it; there, it is the time of the newest message.
 */
export const answeredAt = (info: { readonly ts?: string; readonly state: { readonly last_ts: string } }): number =>
  Date.parse(info.ts ?? info.state.last_ts);

/** All subjects of a stream that match the filter; rejects when the stream does not exist or cannot be read. */
export async function streamSubjects(connection: NatsConnection, stream: string, filter: string): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const request = { subjects_filter: filter, offset: found.length };
    const { error, total = 0, state } = await apiRequest<StreamInfo>(connection, `STREAM.INFO.${stream}`, request);
    if (error || !state) throw unreadable(`Stream ${stream}`, error);
    const page = Object.keys(state.subjects ?? {});
    found.push(...page);
    if (page.length === 0 || found.length >= total) return found;
  }
}

/** How far a consumer has come in its stream, as sequences of the stream. */
export interface ConsumerPosition {
  /** Everything up to here is acknowledged. */
  readonly acknowledged: number;
  /** Everything up to here was delivered at least once. */
  readonly delivered: number;
  /** Number of messages after `delivered`. */
  readonly pending: number;
  /** Number of messages that were delivered and not acknowledged. */
  readonly unacknowledged: number;
}

interface ConsumerInfo {
  error?: ApiError;
  ack_floor?: { stream_seq: number };
  delivered?: { stream_seq: number };
  num_pending?: number;
  num_ack_pending?: number;
}

/** Reads the position of a consumer; rejects when the consumer does not exist or cannot be read. */
export async function consumerPosition(
  connection: NatsConnection,
  stream: string,
  consumer: string,
): Promise<ConsumerPosition> {
  const info = await apiRequest<ConsumerInfo>(connection, `CONSUMER.INFO.${stream}.${consumer}`);
  const { error, ack_floor: floor, delivered } = info;
  if (error || !floor || !delivered) throw unreadable(`Consumer ${consumer} of ${stream}`, error);
  return {
    acknowledged: floor.stream_seq,
    delivered: delivered.stream_seq,
    pending: info.num_pending ?? 0,
    unacknowledged: info.num_ack_pending ?? 0,
  };
}

interface ConsumerPage {
  consumers?: { name: string; ack_floor?: { stream_seq: number } }[] | null;
}

/**
 * The sequence up to which each consumer of a stream has acknowledged everything, by consumer name. Empty when the
 * stream does not exist; without consumers whose server is unreachable. Rejects when the stream cannot be read.
 */
export async function consumerFloors(connection: NatsConnection, stream: string): Promise<Map<string, number>> {
  const lengthOf = ({ consumers }: ConsumerPage) => consumers?.length ?? 0;
  const pages = await apiList<ConsumerPage>(connection, `CONSUMER.LIST.${stream}`, lengthOf);
  const consumers = pages.flatMap((page) => page.consumers ?? []);
  return new Map(consumers.map(({ name, ack_floor: floor }) => [name, floor?.stream_seq ?? 0]));
}

interface NamesPage {
  streams?: string[] | null;
  consumers?: string[] | null;
}

/**
 * The names in a list of streams or consumers (`STREAM.NAMES`, `CONSUMER.NAMES.<stream>`); empty without the stream.
 */
export async function apiNames(connection: NatsConnection, verb: string): Promise<Set<string>> {
  const namesOf = ({ streams, consumers }: NamesPage) => streams ?? consumers ?? [];
  const pages = await apiList<NamesPage>(connection, verb, (page) => namesOf(page).length);
  return new Set(pages.flatMap(namesOf));
}

interface Page {
  error?: ApiError;
  total?: number;
}

/** All pages of a list; none when the stream does not exist. `lengthOf` counts the entries of a page. */
async function apiList<Entries extends object>(
  connection: NatsConnection,
  verb: string,
  lengthOf: (page: Entries) => number,
): Promise<Entries[]> {
  const pages: Entries[] = [];
  // The offset counts every received entry: a cluster with an unreachable member reports further entries and returns
  // the same page again, so counting only new entries would never end.
  for (let offset = 0; ;) {
    const page = await apiRequest<Page & Entries>(connection, verb, { offset });
    if (page.error?.err_code === STREAM_NOT_FOUND) return pages;
    if (page.error) throw unreadable(`The list ${verb}`, page.error);
    const length = lengthOf(page);
    pages.push(page);
    offset += length;
    if (length === 0 || offset >= (page.total ?? 0)) return pages;
  }
}

async function apiRequest<Answer>(connection: NatsConnection, verb: string, request?: object): Promise<Answer> {
  const body = request && JSON.stringify(request);
  const reply = await connection.request(`$JS.API.${verb}`, body, { timeout: REQUEST_TIMEOUT_MS });
  return reply.json<Answer>();
}

const unreadable = (what: string, error: ApiError | undefined) =>
  new Error(`${what} cannot be read: ${error?.description ?? 'the server sent an empty answer'}`);
