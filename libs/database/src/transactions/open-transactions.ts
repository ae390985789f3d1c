import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { AmbientDataSource } from './ambient-data-source.js';

/** Guards work that must not hold a transaction, its locks and its connection while it waits for another system. */
@Injectable()
export class OpenTransactions {
  constructor(@InjectDataSource() private readonly dataSource: AmbientDataSource) {}

  /** Throws when the caller runs in an ambient transaction; `what` completes "must not ... in a transaction". */
  refuse(what: string): void {
    if (this.dataSource.isInTransaction())
      throw new Error(`The service must not ${what} in a transaction. Do it before the transaction begins.`);
  }
}
