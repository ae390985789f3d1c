import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { JoinedDataSource } from './ambient-data-source.js';

/** What others learn of a change only when it is there to stay. */
@Injectable()
export class AfterCommit {
  constructor(@InjectDataSource() private readonly dataSource: JoinedDataSource) {}

  /** Does it once the transaction that the caller belongs to is committed, never if it is not; without one at once. */
  do(effect: () => unknown): Promise<void> {
    return this.dataSource.afterCommit(effect);
  }
}
