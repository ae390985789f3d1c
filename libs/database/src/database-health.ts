import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Whether the database answers. */
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
