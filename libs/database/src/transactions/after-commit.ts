import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { AmbientDataSource } from './ambient-data-source.js';

/** Defers effects until a change is committed. */
@Injectable()
export class AfterCommit {
  constructor(@InjectDataSource() private readonly dataSource: AmbientDataSource) {}

  /**
   * Runs the effect after the commit of the caller's transaction, never after a rollback; immediately when there is no
   * transaction.
   */
  do(effect: () => unknown): Promise<void> {
    return this.dataSource.afterCommit(effect);
  }
}
