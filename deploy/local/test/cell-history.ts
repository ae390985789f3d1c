import { io, type Socket } from 'socket.io-client';
import {
  batchTopic,
  type ClientToServerEvents,
  type ServerToClientEvents,
  type StageState,
  unpackCells,
} from '#libs/contracts';

/** Notes every state in which a browser would have shown the cells of one batch. */
export class CellHistory {
  readonly #states = new Map<string, StageState[]>();

  private constructor(private readonly socket: Socket<ServerToClientEvents, ClientToServerEvents>) {}

  /** Begins to look at a batch of so many stages; what happens from now on is noted. */
  static async of(webUrl: string, accessToken: string, batch: number, stages: number): Promise<CellHistory> {
    const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(webUrl, {
      forceNew: true,
      transports: ['websocket'],
      extraHeaders: { authorization: `Bearer ${accessToken}` },
    });
    const history = new CellHistory(socket);
    socket.on('cells', ({ buf }) => history.note(new Uint8Array(buf), stages));
    const { ok, error } = await socket.emitWithAck('subscribe', { topic: batchTopic(batch) });
    if (!ok) throw new Error(`Batch ${batch} cannot be looked at: ${error}`);
    return history;
  }

  /** States of one cell in order, each change once. */
  of(row: number, index: number): readonly StageState[] {
    return this.#states.get(`${row}/${index}`) ?? [];
  }

  readonly close = async (): Promise<void> => {
    this.socket.disconnect();
  };

  private note(changes: Uint8Array, stages: number): void {
    for (const { row, index, state } of unpackCells(changes, stages)) {
      const known = this.#states.get(`${row}/${index}`) ?? [];
      if (known.at(-1) !== state) this.#states.set(`${row}/${index}`, [...known, state]);
    }
  }
}
