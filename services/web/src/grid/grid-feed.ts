import type { CellsChange } from '#libs/contracts';
import type { CellGrid } from './cell-grid.js';

/** State of the cells; `error` is the reason why the last snapshot could not be read. */
export interface FeedState {
  readonly isLoaded: boolean;
  readonly error: unknown;
}

interface FeedSource {
  fetchSnapshot(): Promise<{ version: number; cells: Uint8Array }>;
  /** Waits before a snapshot is read again. */
  pause(): Promise<void>;
}

/** Consecutive summaries with a newer version than the cells, after which a change counts as lost. */
const PATIENCE = 3;

/**
 * Keeps a grid equal to the state of the server.
 *
 * 1. `refresh` reads a snapshot. Changes that arrive meanwhile are kept and applied to it.
 * 2. `receive` applies each change. A change after a gap is kept, and a new snapshot is read until it covers the gap.
 * 3. `noticeVersion` detects a lost last change: after three summaries ahead of the cells, a new snapshot is read.
 *
 * If a snapshot cannot be read, the grid keeps its cells and `state` has the error; the next gap tries again.
 */
export class GridFeed {
  private readonly listeners = new Set<() => void>();
  private waiting: CellsChange[] = [];
  private isReading = false;
  private readAgain = false;
  private versionWhenAhead = -1;
  private summariesAhead = 0;
  private current: FeedState = { isLoaded: false, error: null };

  constructor(
    readonly grid: CellGrid,
    private readonly source: FeedSource,
  ) {}

  get state(): FeedState {
    return this.current;
  }

  onState(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  receive(change: CellsChange): void {
    if (this.isReading) this.waiting.push(change);
    else if (this.grid.apply(change) === 'gap') {
      this.waiting.push(change);
      void this.refresh();
    }
  }

  /** Compares the version of a summary with the cells: cells that stay behind have missed a change. */
  noticeVersion(version: number): void {
    const isSameAsBefore = this.grid.version === this.versionWhenAhead;
    this.versionWhenAhead = this.grid.version;
    this.summariesAhead = version <= this.grid.version ? 0 : isSameAsBefore ? this.summariesAhead + 1 : 1;
    if (this.summariesAhead < PATIENCE) return;
    this.summariesAhead = 0;
    void this.refresh();
  }

  /** Reads snapshots until the kept changes can be applied. */
  async refresh(): Promise<void> {
    this.readAgain = this.isReading;
    if (this.isReading) return;
    this.isReading = true;
    const error = await this.readUntilWhole().then(
      () => null,
      (reason: unknown) => reason,
    );
    this.isReading = false;
    // After a failure, the next change or summary finds the gap and tries again.
    if (error !== null) this.waiting = [];
    this.become({ isLoaded: this.current.isLoaded || error === null, error });
  }

  private async readUntilWhole(): Promise<void> {
    await this.read();
    while (this.readAgain) {
      this.readAgain = false;
      await this.source.pause();
      await this.read();
    }
  }

  private async read(): Promise<void> {
    const { version, cells } = await this.source.fetchSnapshot();
    this.grid.load(version, cells);
    const missing = this.waiting.findIndex((change) => this.grid.apply(change) === 'gap');
    this.waiting = missing === -1 ? [] : this.waiting.slice(missing);
    this.readAgain ||= missing !== -1;
  }

  private become(state: FeedState): void {
    this.current = state;
    this.listeners.forEach((listener) => listener());
  }
}
