import type { EntityManager, QueryRunner } from 'typeorm';

/** One connection and its transaction, shared by all participants; only the owner commits or rolls back. */
export class SharedQueryRunner {
  private open = true;
  private readonly levels: RunnerLevel[] = [];

  constructor(
    private readonly own: QueryRunner,
    private readonly managerOf: (runner: QueryRunner) => EntityManager,
  ) {}

  /** False when the transaction is about to end. */
  get isOpen(): boolean {
    return this.open;
  }

  /** A query runner for a participant, inside that of an outer transaction. */
  level(outer?: RunnerLevel): RunnerLevel {
    // Each level continues the savepoint numbering of the outer one.
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
      // The original error is more informative than an error of a broken connection.
      await this.own.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await this.own.release();
    }
  }

  /** A query that is not awaited must not run after the transaction, where it would be committed separately. */
  private async close(): Promise<void> {
    this.open = false;
    await Promise.all(this.levels.map((level) => level.ended()));
  }
}

const ENDED = 'The transaction has ended. Await every query before the transaction ends.';

/**
 * Runs queries one after the other: the driver processes one query per connection, and a write during a savepoint of
 * another participant would be rolled back with that savepoint.
 */
export class RunnerLevel {
  private last: Promise<unknown> = Promise.resolve();

  constructor(readonly runner: QueryRunner) {}

  inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.last.then(task);
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when all started tasks have ended. */
  async ended(): Promise<void> {
    await this.last;
  }
}
