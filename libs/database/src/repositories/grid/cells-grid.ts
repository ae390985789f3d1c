import { cellCode, readCell, type RunState, STAGE_STATES, type StageMark, type StageState } from '#libs/contracts';

/** Number of stage runs of one stage in one state. */
export interface StageCount {
  readonly index: number;
  readonly state: StageState;
  readonly count: number;
}

/** What is read of a batch in one snapshot to draw its grid; lists are packed as big-endian integers. */
export interface GridFacts {
  readonly rows: number;
  readonly stages: number;
  readonly counts: readonly StageCount[];
  /**
   * Rows (4 bytes) of runs by position; `delayed`: the run is not admitted before a time. Runs that are waiting at the
   * first stage can be omitted unless a stage is marked or skipped; then all runs are listed, with their IDs (8 bytes).
   */
  readonly runs: readonly {
    readonly state: RunState;
    readonly nextIndex: number;
    readonly delayed: boolean;
    readonly rows: Buffer;
    readonly ids: Buffer | null;
  }[];
  /** Cells (4 bytes) of running runs at their current stage; a stage that has not started is omitted. */
  readonly standing: readonly { readonly state: StageState; readonly cells: Buffer }[];
  /**
   * Run IDs (8 bytes) and stages (4 bytes) that are skipped where other runs are done; may include runs of other
   * batches.
   */
  readonly skipped: Buffer | null;
  /** Run IDs and stages that are marked; may include runs of other batches. */
  readonly marks: readonly { readonly mark: StageMark; readonly packed: Buffer }[];
}

const INT4_BYTES = 4;
const INT8_BYTES = 8;
const WORD = 2 ** 32;
const STATE_MASK = 2 ** 3 - 1;

/** Reads a packed list of numbers. */
export function* numbersOf(bytes: Buffer): Generator<number> {
  for (let offset = 0; offset < bytes.length; offset += INT4_BYTES) yield bytes.readUInt32BE(offset);
}

const idAt = (bytes: Buffer, offset: number): number =>
  bytes.readUInt32BE(offset) * WORD + bytes.readUInt32BE(offset + INT4_BYTES);

/** Stages that some runs have skipped and others have not. */
export function partlySkipped(counts: readonly StageCount[]): number[] {
  const stagesOf = (wanted: StageState) =>
    counts.filter(({ state, count }) => state === wanted && count > 0).map(({ index }) => index);
  const done = stagesOf('done');
  return stagesOf('skipped').filter((index) => done.includes(index));
}

/**
 * Draws the grid of a batch from the positions of its runs: earlier stages are done or skipped, later ones are waiting.
 * Null when the counters contradict this, for example after the loss of a stage; then every stage run must be read.
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

/** Cells of listed runs and stages without those of other batches. Most lists are sorted. */
function* cellsIn(packed: Buffer, ids: Float64Array, stages: number): Generator<number> {
  let row = -1;
  for (let offset = 0; offset < packed.length; offset += INT8_BYTES + INT4_BYTES) {
    const id = idAt(packed, offset);
    const index = packed.readUInt32BE(offset + INT8_BYTES);
    if (ids[row] !== id) row = ids[row + 1] === id ? row + 1 : rowOf(ids, id);
    if (row >= 0 && index < stages) yield row * stages + index;
  }
}

/** The row of a run, found by ID because IDs ascend with rows; -1: a run of another batch. */
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
