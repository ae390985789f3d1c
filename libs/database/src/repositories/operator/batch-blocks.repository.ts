import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LeaderEpoch } from '../../leader/leader-epoch.js';

/** Why a batch makes no progress. Times are in milliseconds since 1970. */
export interface BlockedBatch {
  readonly batch: number;
  /** From 0; null: the cause is not at one stage. */
  readonly stage: number | null;
  readonly app: string | null;
  readonly reason: string;
  /** Null: since the reason was first found. */
  readonly since: number | null;
  readonly until: number | null;
  readonly advice: string;
}

const STORE = `
  insert into batch_blocks (batch_id, stage, app, reason, since, until, advice)
  select b.id, given.stage, given.app, given.reason, coalesce(given.since, now()), given.until, given.advice
  from unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[])
      as given(batch, stage, app, reason, since, until, advice)
    join batches b on b.id = given.batch
  order by b.id
  on conflict (batch_id) do update set stage = excluded.stage, app = excluded.app, reason = excluded.reason,
    since = excluded.since, until = excluded.until, advice = excluded.advice
  -- The same reason keeps the time at which it was found.
  where (batch_blocks.stage, batch_blocks.app, batch_blocks.reason, batch_blocks.until, batch_blocks.advice)
    is distinct from (excluded.stage, excluded.app, excluded.reason, excluded.until, excluded.advice)
  returning batch_id`;

const date = (milliseconds: number | null): Date | null => (milliseconds === null ? null : new Date(milliseconds));

/** Stores why unfinished batches make no progress. */
@Injectable()
export class BatchBlocksRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /** Replaces all stored blocks by these; returns the batches whose block changed. */
  async replace(blocks: readonly BlockedBatch[]): Promise<number[]> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      const [gone] = await manager.query<[{ batch_id: number }[], number]>(
        'delete from batch_blocks where batch_id <> all($1::int[]) returning batch_id',
        [blocks.map(({ batch }) => batch)],
      );
      const stored =
        blocks.length === 0
          ? []
          : await manager.query<{ batch_id: number }[]>(STORE, [
              blocks.map(({ batch }) => batch),
              blocks.map(({ stage }) => stage),
              blocks.map(({ app }) => app),
              blocks.map(({ reason }) => reason),
              blocks.map(({ since }) => date(since)),
              blocks.map(({ until }) => date(until)),
              blocks.map(({ advice }) => advice),
            ]);
      return [...gone, ...stored].map(({ batch_id: batch }) => batch);
    });
  }
}
