import { io, type Socket } from 'socket.io-client';
import {
  batchTopic,
  type ClientToServerEvents,
  type ServerToClientEvents,
  type StageState,
  unpackCells,
} from '#libs/contracts';

/** Records every state that a browser would have shown for the cells of one batch. */
export class CellHistory {
  readonly #states = new Map<string, StageState[]>();

  private constructor(private readonly socket: Socket<ServerToClientEvents, ClientToServerEvents>) {}

  /** Subscribes to a batch with `stages` stages; records every change from then on. */
  static async of(webUrl: string, accessToken: string, batch: number, stages: number): Promise<CellHistory> {
    const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(webUrl, {
      forceNew: true,
      transports: ['websocket'],
      extraHeaders: { authorization: `Bearer ${accessToken}` },
    });
    const history = new CellHistory(socket);
    socket.on('cells', ({ buf }) => history.record(new Uint8Array(buf), stages));
    const { ok, error } = await socket.emitWithAck('subscribe', { topic: batchTopic(batch) });
    if (!ok) throw new Error(`Cannot subscribe to batch ${batch}: ${error}`);
    return history;
  }

  /** States of one cell in order, without repetitions. */
  of(row: number, index: number): readonly StageState[] {
    return this.#states.get(`${row}/${index}`) ?? [];
  }

  readonly close = async (): Promise<void> => {
    this.socket.disconnect();
  };

  private record(changes: Uint8Array, stages: number): void {
    for (const { row, index, state } of unpackCells(changes, stages)) {
      const known = this.#states.get(`${row}/${index}`) ?? [];
      if (known.at(-1) !== state) this.#states.set(`${row}/${index}`, [...known, state]);
    }
  }
}
