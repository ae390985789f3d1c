import { Column, Entity, PrimaryColumn } from 'typeorm';
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
