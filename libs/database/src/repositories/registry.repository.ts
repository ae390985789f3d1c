import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** A registered app as the workers have to know it. */
export interface RegisteredApp {
  readonly id: number;
  readonly slug: string;
  readonly url: string;
  readonly identifier: string;
  readonly metadata: unknown;
  readonly concurrency: number;
  readonly ready: boolean;
}

/** What the scheduler needs of definitions: who we are, and which apps there are. */
@Injectable()
export class RegistryRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The random identity of this database. */
  async installation(): Promise<string> {
    const [row] = await this.dataSource.query<[{ id: string }]>('select id from installation');
    return row.id;
  }

  apps(): Promise<RegisteredApp[]> {
    return this.dataSource.query<RegisteredApp[]>(
      `select id, slug, url, identifier, metadata, concurrency, ready_at is not null as ready from apps order by id`,
    );
  }

  /** Marks an app as usable in pipelines: its consumer exists. */
  async markReady(id: number): Promise<void> {
    await this.dataSource.query('update apps set ready_at = now() where id = $1 and ready_at is null', [id]);
  }
}
