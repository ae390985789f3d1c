import { type CellChange, decodeBody, type StageEvent, type LiveCommit, unpackCells } from '#libs/contracts';
import type { SeenFrame } from './watchers.js';

const cell = (batch: number, { row, index, state }: CellChange): string => `${batch}/${row}/${index}/${state}`;

/** When each state of each cell began at a worker, by the events it sent. */
export class Beginnings {
  private readonly times = new Map<string, number>();
  private events = 0;

  /** Of batches with so many stages. */
  constructor(private readonly stages: number) {}

  /** Events so far. */
  get count(): number {
    return this.events;
  }

  add({ batch, row, index, kind, times }: Pick<StageEvent, 'batch' | 'row' | 'index' | 'kind' | 'times'>): void {
    this.events += 1;
    const state = kind === 'started' ? 'running' : kind === 'parked' ? 'waiting' : kind;
    this.times.set(cell(batch, { row, index, state }), times.settled ?? times.started);
  }

  /** Milliseconds until each arrival of a frame, for each of its changes that a worker's event brought. */
  until(frames: readonly SeenFrame[]): number[] {
    return frames.flatMap(({ batch, cells, arrivals }) =>
      unpackCells(Buffer.from(cells, 'base64'), this.stages).flatMap((change) => {
        const begun = this.times.get(cell(batch, change));
        return begun === undefined ? [] : arrivals.map((arrival) => arrival - begun);
      }),
    );
  }
}

/** A message of the recorder as a frame that arrived at a time. */
export function frameOf(body: Uint8Array, now: number): SeenFrame {
  const { head, rest } = decodeBody(body);
  const { batch, to } = head as LiveCommit;
  return { batch, to, cells: Buffer.from(rest).toString('base64'), arrivals: [now] };
}
