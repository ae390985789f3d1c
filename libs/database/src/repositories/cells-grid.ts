import { cellCode, readCell, type RunState, STAGE_STATES, type StageMark, type StageState } from '#libs/contracts';

/** How many stage runs of one stage are in one state. */
export interface StageCount {
  readonly index: number;
  readonly state: StageState;
  readonly count: number;
}

/** What is read of a batch at one moment to draw its grid. Lists of numbers are big-endian integers of four bytes. */
export interface GridFacts {
  readonly rows: number;
  readonly stages: number;
  readonly counts: readonly StageCount[];
  /** Rows of runs by where they stand; `delayed`: a waiting one is not admitted before a time. */
  readonly runs: readonly {
    readonly state: RunState;
    readonly nextIndex: number;
    readonly delayed: boolean;
    readonly rows: Buffer;
  }[];
  /** Cells of running runs at the stage where they stand; one that has not begun there is left out. */
  readonly standing: readonly { readonly state: StageState; readonly cells: Buffer }[];
  readonly marks: readonly { readonly mark: StageMark; readonly cells: Buffer }[];
}

const INT4_BYTES = 4;
const STATE_MASK = 2 ** 3 - 1;

/** Reads a list of numbers. */
export function* numbersOf(bytes: Buffer): Generator<number> {
  for (let offset = 0; offset < bytes.length; offset += INT4_BYTES) yield bytes.readUInt32BE(offset);
}

/**
 * The grid of a batch, from where its runs stand: stages before that are done, or skipped where more are, those behind
 * it wait. Null when the counters say otherwise, as they do of a stage that was lost or was skipped by some runs only:
 * then every stage run has to be read.
 */
export function gridOf({ rows, stages, counts, runs, standing, marks }: GridFacts): Uint8Array | null {
  const passed = Array.from({ length: stages }, (_, index) => passedState(counts, index));
  const bytes = new Uint8Array(rows * stages);
  for (const { state, nextIndex, delayed, rows: ofGroup } of runs) {
    const here = hereState(state, delayed);
    const cells = Uint8Array.from({ length: stages }, (_, index) =>
      cellCode(index < nextIndex ? passed[index]! : index === nextIndex ? here : 'waiting'),
    );
    for (const row of numbersOf(ofGroup)) bytes.set(cells, row * stages);
  }
  for (const { state, cells } of standing) for (const cell of numbersOf(cells)) bytes[cell] = cellCode(state);
  if (!agrees(bytes, stages, counts)) return null;
  for (const { mark, cells } of marks)
    for (const cell of numbersOf(cells)) bytes[cell] = cellCode(readCell(bytes[cell]!).state, mark);
  return bytes;
}

function passedState(counts: readonly StageCount[], stage: number): StageState {
  const countOf = (wanted: StageState) =>
    counts.find(({ index, state }) => index === stage && state === wanted)?.count ?? 0;
  return countOf('skipped') > countOf('done') ? 'skipped' : 'done';
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
