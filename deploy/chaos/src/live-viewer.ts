import { setTimeout as delay } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import {
  batchTopic,
  cellCode,
  CELLS_VERSION_HEADER,
  type ClientToServerEvents,
  type ServerToClientEvents,
  unpackCells,
} from '#libs/contracts';

const SECOND = 1000;
const ANSWER_WITHIN = 5 * SECOND;
const SNAPSHOT_RETRY = SECOND;
/** Consecutive summaries with a newer version than the cells, after which changes count as lost. */
const MAX_SUMMARIES_AHEAD = 3;

/** Cells of a batch at one version, one byte each, row by row. */
export interface Cells {
  readonly version: number;
  readonly bytes: Uint8Array;
}

export interface ViewerOptions {
  readonly webUrl: string;
  readonly accessToken: string;
  readonly batch: number;
  readonly stages: number;
}

/** Reads the cells of a batch from the gateway. */
export async function readCells({ webUrl, accessToken, batch }: Omit<ViewerOptions, 'stages'>): Promise<Cells> {
  const answer = await fetch(`${webUrl}/api/batches/${batch}/cells`, {
    headers: { authorization: `Bearer ${accessToken}` },
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  });
  if (!answer.ok) throw new Error(`Reading the cells of batch ${batch} failed with status ${answer.status}.`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return { version: Number(answer.headers.get(CELLS_VERSION_HEADER)), bytes };
}

/** A browser that watches one batch: a snapshot, then changes, and another snapshot after a gap. */
export class LiveViewer {
  private readonly socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  private readonly topic: string;
  private current: Cells = { version: -1, bytes: new Uint8Array() };
  private reading: Promise<void> | undefined;
  private summariesAhead = 0;
  private closed = false;
  /** Number of snapshots so far. */
  snapshots = 0;

  constructor(private readonly options: ViewerOptions) {
    this.topic = batchTopic(options.batch);
    this.socket = io(options.webUrl, {
      forceNew: true,
      transports: ['websocket'],
      reconnectionDelay: SECOND / 4,
      reconnectionDelayMax: SECOND,
      extraHeaders: { authorization: `Bearer ${options.accessToken}` },
    });
    this.socket.on('connect', () => void this.subscribe());
    this.socket.on('cells', ({ from, to, buf }) => this.apply(from, to, new Uint8Array(buf)));
    this.socket.on('summary', ({ topic, summary }) => {
      if (topic === this.topic) this.notice(summary.version);
    });
  }

  get cells(): Cells {
    return this.current;
  }

  close(): void {
    this.closed = true;
    this.socket.disconnect();
  }

  private async subscribe(): Promise<void> {
    const request = { topic: this.topic, since: Math.max(0, this.current.version) };
    try {
      const answer = await this.socket.timeout(ANSWER_WITHIN).emitWithAck('subscribe', request);
      if (!answer.ok) throw new Error(answer.error);
      if (answer.gap || this.current.version < 0) this.refresh();
    } catch {
      if (this.socket.connected) this.socket.disconnect().connect();
    }
  }

  private apply(from: number, to: number, changes: Uint8Array): void {
    const { version, bytes } = this.current;
    if (to <= version) return;
    if (from > version) return this.refresh();
    for (const { row, index, state, mark } of unpackCells(changes, this.options.stages)) {
      bytes[row * this.options.stages + index] = cellCode(state, mark);
    }
    this.current = { version: to, bytes };
    this.summariesAhead = 0;
  }

  private notice(version: number): void {
    this.summariesAhead = version <= this.current.version ? 0 : this.summariesAhead + 1;
    if (this.summariesAhead < MAX_SUMMARIES_AHEAD) return;
    this.summariesAhead = 0;
    this.refresh();
  }

  private refresh(): void {
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
  }

  private async read(): Promise<void> {
    while (!this.closed) {
      const cells = await readCells(this.options).catch(() => null);
      if (cells) {
        this.snapshots += 1;
        if (cells.version >= this.current.version) this.current = cells;
        return;
      }
      await delay(SNAPSHOT_RETRY);
    }
  }
}
