import { cellCode, readCell, type RunState, STAGE_STATES, type StageMark, type StageState } from '#libs/contracts';

/** How many stage runs of one stage are in one state. */
export interface StageCount {
  readonly index: number;
  readonly state: StageState;
  readonly count: number;
}

/** What is read of a batch at one moment to draw its grid; lists are packed as big-endian integers. */
export interface GridFacts {
  readonly rows: number;
  readonly stages: number;
  readonly counts: readonly StageCount[];
  /**
   * Rows (four bytes) of runs by where they stand; `delayed`: a waiting one is not admitted before a time. Those that
   * simply wait to begin may be left out, unless something is marked or skipped: then all are there, with their ids (eight bytes).
   */
  readonly runs: readonly {
    readonly state: RunState;
    readonly nextIndex: number;
    readonly delayed: boolean;
    readonly rows: Buffer;
    readonly ids: Buffer | null;
  }[];
  /** Cells (four bytes) of running runs at the stage where they stand; one that has not begun there is left out. */
  readonly standing: readonly { readonly state: StageState; readonly cells: Buffer }[];
  /** Runs by id (eight bytes) and stages (four) that are skipped where others are done; other batches' runs may be among them. */
  readonly skipped: Buffer | null;
  /** The same of those that are marked; other batches' runs may be among them. */
  readonly marks: readonly { readonly mark: StageMark; readonly packed: Buffer }[];
}

const INT4_BYTES = 4;
const INT8_BYTES = 8;
const WORD = 2 ** 32;
const STATE_MASK = 2 ** 3 - 1;

/** Reads a list of numbers. */
export function* numbersOf(bytes: Buffer): Generator<number> {
  for (let offset = 0; offset < bytes.length; offset += INT4_BYTES) yield bytes.readUInt32BE(offset);
}

const idAt = (bytes: Buffer, offset: number): number =>
  bytes.readUInt32BE(offset) * WORD + bytes.readUInt32BE(offset + INT4_BYTES);

/** Stages that some runs have skipped and others not. */
export function partlySkipped(counts: readonly StageCount[]): number[] {
  const stagesOf = (wanted: StageState) =>
    counts.filter(({ state, count }) => state === wanted && count > 0).map(({ index }) => index);
  const done = stagesOf('done');
  return stagesOf('skipped').filter((index) => done.includes(index));
}

/**
 * The grid of a batch, from where its runs stand: stages before that are done or skipped, those behind it wait. Null when
 * the counters say otherwise, as they do of a stage that was lost: then every stage run has to be read.
 */
export function gridOf({ rows, stages, counts, runs, standing, skipped, marks }: GridFacts): Uint8Array | null {
  const passed = Array.from({ length: stages }, (_, index) => passedState(counts, index));
  const bytes = new Uint8Array(rows * stages).fill(cellCode('waiting'));
  const idsByRow = new Float64Array(skipped !== null || marks.length > 0 ? rows : 0);
  for (const { state, nextIndex, delayed, rows: listed, ids } of runs) {
    const here = hereState(state, delayed);
    const cells = Uint8Array.from({ length: stages }, (_, index) =>
      cellCode(index < nextIndex ? passed[index]! : index === nextIndex ? here : 'waiting'),
    );
    let offset = 0;
    for (const row of numbersOf(listed)) {
      bytes.set(cells, row * stages);
      if (ids) idsByRow[row] = idAt(ids, offset);
      offset += INT8_BYTES;
    }
  }
  for (const { state, cells } of standing) for (const cell of numbersOf(cells)) bytes[cell] = cellCode(state);
  const cellsOf = (packed: Buffer) => cellsIn(packed, idsByRow, stages);
  if (skipped) for (const cell of cellsOf(skipped)) bytes[cell] = cellCode('skipped');
  if (!agrees(bytes, stages, counts)) return null;
  for (const { mark, packed } of marks)
    for (const cell of cellsOf(packed)) bytes[cell] = cellCode(readCell(bytes[cell]!).state, mark);
  return bytes;
}

/** Cells of listed runs and stages, those of other batches left out. Most lists ascend. */
function* cellsIn(packed: Buffer, ids: Float64Array, stages: number): Generator<number> {
  let row = -1;
  for (let offset = 0; offset < packed.length; offset += INT8_BYTES + INT4_BYTES) {
    const id = idAt(packed, offset);
    const index = packed.readUInt32BE(offset + INT8_BYTES);
    if (ids[row] !== id) row = ids[row + 1] === id ? row + 1 : rowOf(ids, id);
    if (row >= 0 && index < stages) yield row * stages + index;
  }
}

/** The row of a run: ids ascend with rows. -1: it is of another batch. */
function rowOf(ids: Float64Array, id: number): number {
  let [low, high] = [0, ids.length - 1];
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    if (ids[middle] === id) return middle;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function passedState(counts: readonly StageCount[], stage: number): StageState {
  const countOf = (wanted: StageState) =>
    counts.find(({ index, state }) => index === stage && state === wanted)?.count ?? 0;
  return countOf('skipped') > 0 && countOf('done') === 0 ? 'skipped' : 'done';
}

function hereState(run: RunState, delayed: boolean): StageState {
  if (run === 'failed' || run === 'cancelled') return run;
  return run === 'waiting' && delayed ? 'retrying' : 'waiting';
}

function agrees(bytes: Uint8Array, stages: number, counts: readonly StageCount[]): boolean {
  const states = STATE_MASK + 1;
  const differences = new Int32Array(stages * states);
  for (let cell = 0; cell < bytes.length; cell += 1)
    differences[(cell % stages) * states + (bytes[cell]! & STATE_MASK)]! += 1;
  for (const { index, state, count } of counts) differences[index * states + STAGE_STATES.indexOf(state)]! -= count;
  return differences.every((difference) => difference === 0);
}
