import { type CellChange, decodeBody, type StageEvent, type LiveCommit, unpackCells } from '#libs/contracts';
import type { SeenFrame } from './watchers.js';

const cell = (batch: number, { row, index, state }: CellChange): string => `${batch}/${row}/${index}/${state}`;

/** When each cell entered each state, according to the events of the workers. */
export class StateTimes {
  private readonly times = new Map<string, number>();
  private events = 0;

  /** @param stages stages of each batch */
  constructor(private readonly stages: number) {}

  /** Number of events so far. */
  get count(): number {
    return this.events;
  }

  add({ batch, row, index, kind, times }: Pick<StageEvent, 'batch' | 'row' | 'index' | 'kind' | 'times'>): void {
    this.events += 1;
    const state = kind === 'started' ? 'running' : kind === 'parked' ? 'waiting' : kind;
    this.times.set(cell(batch, { row, index, state }), times.settled ?? times.started);
  }

  /** Milliseconds from a worker's event to each arrival of a frame, for each change in the frames that an event caused. */
  until(frames: readonly SeenFrame[]): number[] {
    return frames.flatMap(({ batch, cells, arrivals }) =>
      unpackCells(Buffer.from(cells, 'base64'), this.stages).flatMap((change) => {
        const began = this.times.get(cell(batch, change));
        return began === undefined ? [] : arrivals.map((arrival) => arrival - began);
      }),
    );
  }
}

/** A live message of the recorder as a frame that arrived at `now`. */
export function frameOf(body: Uint8Array, now: number): SeenFrame {
  const { head, rest } = decodeBody(body);
  const { batch, to } = head as LiveCommit;
  return { batch, to, cells: Buffer.from(rest).toString('base64'), arrivals: [now] };
}
