import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cellCode, type CellsChange, packCells, readCell, STAGE_MARKS, STAGE_STATES } from '#libs/contracts';
import { CellGrid } from './cell-grid.js';
import { GridFeed } from './grid-feed.js';

const STAGES = 2;
const ROWS = 3;

/** A server with a version per commit; the test releases its snapshots. */
class ScriptedServer {
  version = 0;
  readonly cells = new Uint8Array(ROWS * STAGES);
  readonly messages: CellsChange[] = [];
  fails = false;
  reads = 0;
  private release: (() => void)[] = [];

  commit(cell: number, code: number): CellsChange {
    this.cells[cell] = code;
    const change = { row: Math.floor(cell / STAGES), index: cell % STAGES, ...readCell(code) };
    const message = { from: this.version, to: this.version + 1, cells: packCells([change], STAGES) };
    this.version += 1;
    this.messages.push(message);
    return message;
  }

  feed(): GridFeed {
    return new GridFeed(new CellGrid(STAGES), {
      fetchSnapshot: async () => {
        this.reads += 1;
        const snapshot = { version: this.version, cells: this.cells.slice() };
        const { fails } = this;
        await new Promise<void>((resolve) => this.release.push(resolve));
        if (fails) throw new Error('the server has a problem');
        return snapshot;
      },
      pause: () => Promise.resolve(),
    });
  }

  /** Releases snapshots until the feed reads no more. */
  async answer(): Promise<void> {
    for (let idle = 0; idle < 5; idle += 1) {
      if (this.release.length > 0) idle = 0;
      this.release.splice(0).forEach((release) => release());
      await Promise.resolve();
    }
  }
}

const cellsOf = ({ grid }: GridFeed) =>
  Array.from({ length: ROWS * STAGES }, (_, position) => {
    const { state, mark } = grid.cell(Math.floor(position / STAGES), position % STAGES);
    return cellCode(state, mark);
  });

/** Every valid cell code. */
const CODES = [...STAGE_STATES.map((state) => cellCode(state)), ...STAGE_MARKS.map((mark) => cellCode('done', mark))];

describe(GridFeed, () => {
  it('applies changes that arrive during a snapshot to that snapshot', async () => {
    const server = new ScriptedServer();
    const feed = server.feed();
    void feed.refresh();
    feed.receive(server.commit(3, 2));
    expect(feed.state.isLoaded).toBe(false);
    await server.answer();
    expect(feed.state).toEqual({ isLoaded: true, error: null });
    expect(cellsOf(feed)).toEqual([...server.cells]);
    expect(server.reads).toBe(1);
  });

  it('reads a snapshot again if a change is missing', async () => {
    const server = new ScriptedServer();
    const feed = server.feed();
    void feed.refresh();
    await server.answer();
    server.commit(0, 3);
    feed.receive(server.commit(1, 2));
    await server.answer();
    expect(cellsOf(feed)).toEqual([...server.cells]);
    expect(server.reads).toBe(2);
  });

  it('does not read a snapshot for a known change', async () => {
    const server = new ScriptedServer();
    const feed = server.feed();
    const known = server.commit(0, 3);
    void feed.refresh();
    await server.answer();
    feed.receive(known);
    expect(server.reads).toBe(1);
  });

  it('detects a lost last change by summaries that stay ahead', async () => {
    const server = new ScriptedServer();
    const feed = server.feed();
    void feed.refresh();
    await server.answer();
    server.commit(5, 3);
    [1, 2].forEach(() => feed.noticeVersion(server.version));
    expect(server.reads).toBe(1);
    feed.noticeVersion(server.version);
    await server.answer();
    expect(cellsOf(feed)).toEqual([...server.cells]);
  });

  it('does not treat a summary that arrives just before its change as a loss', async () => {
    const server = new ScriptedServer();
    const feed = server.feed();
    void feed.refresh();
    await server.answer();
    for (let n = 0; n < 10; n += 1) {
      const change = server.commit(n % 6, 2);
      feed.noticeVersion(server.version);
      feed.receive(change);
    }
    expect(server.reads).toBe(1);
  });

  it('keeps its cells and reports the error if a snapshot cannot be read, and recovers', async () => {
    const server = new ScriptedServer();
    const feed = server.feed();
    server.fails = true;
    void feed.refresh();
    await server.answer();
    expect(feed.state).toMatchObject({ isLoaded: false, error: { message: 'the server has a problem' } });
    server.fails = false;
    feed.receive(server.commit(2, 4));
    await server.answer();
    expect(feed.state).toEqual({ isLoaded: true, error: null });
    expect(cellsOf(feed)).toEqual([...server.cells]);
  });

  it('ends equal to the server, whatever is lost, repeated or reordered', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('commit' as const),
        cell: fc.nat(5),
        code: fc.constantFrom(...CODES),
        isLost: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('repeat' as const), message: fc.nat(20) }),
      fc.record({ kind: fc.constant('answer' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const server = new ScriptedServer();
        const feed = server.feed();
        void feed.refresh();
        for (const what of steps) {
          if (what.kind === 'answer') await server.answer();
          else if (what.kind === 'repeat')
            server.messages.slice(what.message, what.message + 1).forEach((m) => feed.receive(m));
          else {
            const message = server.commit(what.cell, what.code);
            if (!what.isLost) feed.receive(message);
          }
        }
        await server.answer();
        [1, 2, 3].forEach(() => feed.noticeVersion(server.version));
        await server.answer();
        expect(cellsOf(feed)).toEqual([...server.cells]);
      }),
      { numRuns: 200 },
    );
  });
});
