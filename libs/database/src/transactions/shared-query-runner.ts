import type { EntityManager, QueryRunner } from 'typeorm';

/** One connection and its transaction for everybody who takes part: nobody but its owner ends them. */
export class SharedRunner {
  private open = true;
  private readonly levels: RunnerLevel[] = [];

  constructor(
    private readonly own: QueryRunner,
    private readonly managerOf: (runner: QueryRunner) => EntityManager,
  ) {}

  /** False once the transaction is about to end. */
  get isOpen(): boolean {
    return this.open;
  }

  /** A place to take part, within that of an outer transaction. */
  level(outer?: RunnerLevel): RunnerLevel {
    // Each level counts its own savepoints on from those of the outer one.
    const runner = Object.create(outer?.runner ?? this.own) as QueryRunner;
    const level = new RunnerLevel(runner);
    Object.assign(runner, {
      query: (...given: Parameters<QueryRunner['query']>) =>
        this.open ? level.inTurn(() => this.own.query(...given)) : Promise.reject(new Error(ENDED)),
      release: () => Promise.resolve(),
      manager: this.managerOf(runner),
    });
    this.levels.push(level);
    return level;
  }

  async inTransaction<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      await this.own.startTransaction();
      const result = await work();
      await this.close();
      await this.own.commitTransaction();
      return result;
    } catch (error) {
      await this.close();
      // The error that led here says more than one of a connection that is gone.
      await this.own.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await this.own.release();
    }
  }

  /** A query that nobody awaits must not run after the transaction, where it would be committed by itself. */
  private async close(): Promise<void> {
    this.open = false;
    await Promise.all(this.levels.map((level) => level.ended()));
  }
}

const ENDED = 'The transaction has ended: await everything that belongs to it.';

/**
 * What is asked for at once comes one after the other: the driver takes one query of a connection at a time, and what is
 * written beside a savepoint would be undone with it.
 */
export class RunnerLevel {
  private last: Promise<unknown> = Promise.resolve();

  constructor(readonly runner: QueryRunner) {}

  inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.last.then(task);
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when nothing is under way. */
  async ended(): Promise<void> {
    await this.last;
  }
}
