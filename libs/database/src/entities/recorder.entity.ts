import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BigintColumn } from './bigint-column.js';

/** Position of the recorder in a stream. */
@Entity('recorder_cursor')
export class RecorderCursorEntity {
  @PrimaryColumn({ name: 'stream', type: 'text', primaryKeyConstraintName: 'recorder_cursor_pkey' })
  stream!: string;

  @Column({ name: 'stream_created', type: 'timestamptz' })
  streamCreated!: Date;

  @BigintColumn({ name: 'sequence' })
  sequence!: number;
}

/** An event that the recorder could not read or apply. */
@Entity('recorder_parked')
export class RecorderParkedEntity {
  @PrimaryColumn({ name: 'stream_created', type: 'timestamptz', primaryKeyConstraintName: 'recorder_parked_pkey' })
  streamCreated!: Date;

  @BigintColumn({ name: 'sequence', primary: true, primaryKeyConstraintName: 'recorder_parked_pkey' })
  sequence!: number;

  @Column({ name: 'subject', type: 'text' })
  subject!: string;

  @Column({ name: 'reason', type: 'text' })
  reason!: string;

  @Column({ name: 'body', type: 'bytea' })
  body!: Buffer;

  @Column({ name: 'parked_at', type: 'timestamptz', default: () => 'now()' })
  parkedAt!: Date;
}

/** An event whose run was locked when the recorder read it; recorded as soon as the run is free. */
@Entity('deferred_events')
@Index('deferred_events_by_run', ['runId'])
export class DeferredEventEntity {
  @PrimaryColumn({ name: 'stream_created', type: 'timestamptz', primaryKeyConstraintName: 'deferred_events_pkey' })
  streamCreated!: Date;

  @BigintColumn({ name: 'sequence', primary: true, primaryKeyConstraintName: 'deferred_events_pkey' })
  sequence!: number;

  /** Without a foreign key, whose check would wait for the lock. */
  @BigintColumn({ name: 'run_id' })
  runId!: number;

  @Column({ name: 'subject', type: 'text' })
  subject!: string;

  @Column({ name: 'body', type: 'bytea' })
  body!: Buffer;

  @Column({ name: 'deferred_at', type: 'timestamptz', default: () => 'now()' })
  deferredAt!: Date;
}
