import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Checks whether the database responds. */
@Injectable()
export class DatabaseHealth {
  constructor(private readonly dataSource: DataSource) {}

  async answers(): Promise<boolean> {
    return this.dataSource.query('select 1').then(
      () => true,
      () => false,
    );
  }
}
