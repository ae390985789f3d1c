import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { raiseVersionsThrough } from '../state/batch-versions.js';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import type { BatchChange } from '../state/stage-change.js';

/** Name under which the circuit breaker pauses; only a pause under this name is resumed automatically. */
export const BREAKER = 'breaker';

/** State of the circuit breaker for an app, from its first pause until the app is resumed. */
export interface BreakerRow {
  readonly app: string;
  /** Its address. */
  readonly url: string;
  /** Why it is paused: it fails for many files, or it does not accept calls. */
  readonly cause: 'failing' | 'connection' | 'busy';
  /** Milliseconds since 1970. */
  readonly since: number;
  /** The repeated failure. */
  readonly fingerprint: string;
  /** Pauses since the app was last resumed. */
  readonly trips: number;
  /** Milliseconds since 1970. */
  readonly probeAt: number;
  readonly probing: boolean;
  /** False when an operator has since resumed the app or paused it under another name. */
  readonly isOurs: boolean;
}

/** A pause by the breaker; `why` is shown to users. */
export type BreakerPause = Pick<BreakerRow, 'cause' | 'since' | 'fingerprint' | 'trips' | 'probeAt'> & {
  readonly why: string;
};

/** Pauses of apps by the circuit breaker. A decision of an operator takes precedence. */
@Injectable()
export class AppBreakersRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  async all(): Promise<BreakerRow[]> {
    const rows = await this.dataSource.query<
      (Omit<BreakerRow, 'probeAt' | 'since'> & { probeAt: Date; since: Date })[]
    >(
      `select a.slug as app, a.url, k.cause, k.since, k.fingerprint, k.trips, k.probe_at as "probeAt", k.probing,
         a.paused_at is not null and a.paused_by = $1 as "isOurs"
       from app_breakers k join apps a on a.id = k.app_id`,
      [BREAKER],
    );
    return rows.map((row) => ({ ...row, probeAt: row.probeAt.getTime(), since: row.since.getTime() }));
  }

  /** The state of one app; null when the breaker has none. */
  async find(app: string): Promise<BreakerRow | null> {
    return (await this.all()).find((row) => row.app === app) ?? null;
  }

  /** Pauses an app, also during a probe. Null: an operator has already paused it. */
  pause(app: string, { cause, since, fingerprint, trips, probeAt, why }: BreakerPause): Promise<BatchChange[] | null> {
    return this.change(
      `update apps set paused_at = coalesce(paused_at, now()), paused_by = $2, paused_why = $3
       where slug = $1 and (paused_at is null or paused_by = $2) returning id`,
      [app, BREAKER, why],
      (manager, id) =>
        manager.query(
          `insert into app_breakers (app_id, fingerprint, trips, probe_at, cause, since) values ($1, $2, $3, $4, $5, $6)
           on conflict (app_id) do update set fingerprint = excluded.fingerprint, trips = excluded.trips,
             probe_at = excluded.probe_at, probing = false, cause = excluded.cause, since = excluded.since`,
          [id, fingerprint, trips, new Date(probeAt), cause, new Date(since)],
        ),
    );
  }

  /** Opens one slot of an app that the breaker has paused. Null: an operator has decided otherwise. */
  probe(app: string): Promise<BatchChange[] | null> {
    return this.change(
      'update apps set paused_by = $2 where slug = $1 and paused_by = $2 and paused_at is not null returning id',
      [app, BREAKER],
      (manager, id) => manager.query('update app_breakers set probing = true where app_id = $1', [id]),
    );
  }

  /** Resumes an app that the breaker has paused. Null: an operator has decided otherwise. */
  resume(app: string): Promise<BatchChange[] | null> {
    return this.change(
      `update apps set paused_at = null, paused_by = null, paused_why = null
       where slug = $1 and paused_by = $2 returning id`,
      [app, BREAKER],
      (manager, id) => manager.query('delete from app_breakers where app_id = $1', [id]),
    );
  }

  /** Deletes the state of an app that an operator has paused or resumed. */
  async leave(app: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      await manager.query(
        `delete from app_breakers k using apps a
         where a.id = k.app_id and a.slug = $1 and a.paused_by is distinct from $2`,
        [app, BREAKER],
      );
    });
  }

  private change(
    statement: string,
    parameters: readonly string[],
    then: (manager: EntityManager, id: number) => Promise<unknown>,
  ): Promise<BatchChange[] | null> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      const [[changed]] = await manager.query<[{ id: number }[], number]>(statement, [...parameters]);
      if (!changed) return null;
      await then(manager, changed.id);
      return raiseVersionsThrough(manager, changed.id);
    });
  }
}
