import { AsyncLocalStorage } from 'node:async_hooks';
import { DataSource, type EntityManager, type QueryRunner, type ReplicationMode } from 'typeorm';
import { type RunnerLevel, SharedQueryRunner } from './shared-query-runner.js';

type Work<Result> = (manager: EntityManager) => Promise<Result>;
type Isolation = NonNullable<Parameters<QueryRunner['startTransaction']>[0]>;

interface Joint {
  readonly shared: SharedQueryRunner;
  readonly level: RunnerLevel;
  /** Effects to run after the commit. */
  readonly effects: (() => unknown)[];
}

/**
 * A data source with ambient transactions: everything that is read or written during `together` belongs to its
 * transaction, through `transaction`, `query` and TypeORM's repositories alike. Nested transactions are savepoints.
 */
export class AmbientDataSource extends DataSource {
  private readonly joint = new AsyncLocalStorage<Joint>();

  /** Runs `work` in one transaction, then the effects that it passed to `afterCommit`. */
  async together<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.joined()) return work();
    const effects: Joint['effects'] = [];
    const shared = new SharedQueryRunner(super.createQueryRunner(), (runner) => this.createEntityManager(runner));
    const result = await shared.inTransaction(() => this.joint.run({ shared, level: shared.level(), effects }, work));
    for (const effect of effects) await this.joint.exit(effect);
    return result;
  }

  /**
   * Runs the effect after the commit of the current transaction, never after a rollback; immediately when there is no
   * transaction.
   */
  async afterCommit(effect: () => unknown): Promise<void> {
    const joint = this.joined();
    if (joint) joint.effects.push(effect);
    else await effect();
  }

  /** Whether the caller runs in an ambient transaction that has not ended. */
  isInTransaction(): boolean {
    return this.joined() !== undefined;
  }

  override createQueryRunner(mode?: ReplicationMode): QueryRunner {
    return this.joined()?.level.runner ?? super.createQueryRunner(mode);
  }

  override transaction<Result>(work: Work<Result>): Promise<Result>;
  override transaction<Result>(isolation: Isolation, work: Work<Result>): Promise<Result>;
  override transaction<Result>(...given: [Work<Result>] | [Isolation, Work<Result>]): Promise<Result> {
    const joint = this.joined();
    const [first, second] = given;
    if (!joint)
      return second ? super.transaction(first as Isolation, second) : super.transaction(first as Work<Result>);
    const within = { ...joint, level: joint.shared.level(joint.level) };
    const work = second ?? (first as Work<Result>);
    return joint.level.inTurn(() => this.joint.run(within, () => super.transaction(work)));
  }

  /** The caller's transaction; none when it has ended. */
  private joined(): Joint | undefined {
    const joint = this.joint.getStore();
    return joint?.shared.isOpen ? joint : undefined;
  }
}
