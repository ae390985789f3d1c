import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import { moveCursor, type RecorderCursor } from './recorder-cursor.repository.js';

/** An event of the log whose run could not be locked. */
export interface DeferredEvent {
  readonly run: number;
  readonly sequence: number;
  readonly subject: string;
  readonly body: Uint8Array;
}

/** A stored deferred event; `streamCreated` and `sequence` identify it. */
export type StoredDeferredEvent = DeferredEvent & { readonly streamCreated: string };

/** Runs that are free now; the lock is a test, and is released at the end of the statement. */
const FREE = `
  select d.stream_created::text as "streamCreated", d.sequence, d.run_id as run, d.subject, d.body
  from deferred_events d
  where d.run_id in (
    select r.id from runs r where r.id in (select run_id from deferred_events) order by r.id limit $1
    for update skip locked
  ) or not exists (select 1 from runs r where r.id = d.run_id)
  order by d.stream_created, d.sequence limit $1`;

/** Events that wait in Postgres because their runs were locked when the recorder read them. */
@Injectable()
export class DeferredEventsRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /** The oldest deferred events of runs that are not locked now, in the order of the log. */
  async free(limit: number): Promise<StoredDeferredEvent[]> {
    type Row = Omit<StoredDeferredEvent, 'run' | 'sequence'> & { readonly run: string; readonly sequence: string };
    const rows = await this.dataSource.query<Row[]>(FREE, [limit]);
    return rows.map((row) => ({ ...row, run: Number(row.run), sequence: Number(row.sequence) }));
  }

  /** Defers events without a lock of their runs, and moves the cursor. */
  async add(events: readonly DeferredEvent[], cursor: RecorderCursor): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      await defer(manager, events, cursor);
      await moveCursor(manager, cursor);
    });
  }

  /** Forgets events that cannot be recorded and are parked. */
  async remove(events: readonly StoredDeferredEvent[]): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      await removeDeferred(manager, events);
    });
  }
}

/** Stores events; the order of the log is the order of their sequences. */
export async function defer(
  manager: EntityManager,
  events: readonly DeferredEvent[],
  { streamCreated }: RecorderCursor,
): Promise<void> {
  if (events.length === 0) return;
  await manager.query(
    `insert into deferred_events (stream_created, sequence, run_id, subject, body)
     select $1, * from unnest($2::bigint[], $3::bigint[], $4::text[], $5::bytea[]) on conflict do nothing`,
    [
      streamCreated,
      events.map(({ sequence }) => sequence),
      events.map(({ run }) => run),
      events.map(({ subject }) => subject),
      events.map(({ body }) => Buffer.from(body)),
    ],
  );
}

export async function removeDeferred(manager: EntityManager, events: readonly StoredDeferredEvent[]): Promise<void> {
  await manager.query(
    `delete from deferred_events d using unnest($1::timestamptz[], $2::bigint[]) as done(stream_created, sequence)
     where d.stream_created = done.stream_created and d.sequence = done.sequence`,
    [events.map(({ streamCreated }) => streamCreated), events.map(({ sequence }) => sequence)],
  );
}
