import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** The properties of a registered app that workers need. */
export interface RegisteredApp {
  readonly id: number;
  readonly slug: string;
  readonly url: string;
  readonly identifier: string;
  readonly metadata: unknown;
  readonly concurrency: number;
  readonly ready: boolean;
  /** Workers take no stage of it; while the circuit breaker probes it, they take one. */
  readonly paused: boolean;
  readonly probing: boolean;
}

/** What the scheduler needs of the definitions: the identity of the installation and its apps. */
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
      `select a.id, a.slug, a.url, a.identifier, a.metadata, a.concurrency, a.ready_at is not null as ready,
         a.paused_at is not null as paused, coalesce(k.probing and a.paused_by = 'breaker', false) as probing
       from apps a left join app_breakers k on k.app_id = a.id order by a.id`,
    );
  }

  /** Marks an app as usable in pipelines: its consumer exists. */
  async markReady(id: number): Promise<void> {
    await this.dataSource.query('update apps set ready_at = now() where id = $1 and ready_at is null', [id]);
  }
}
