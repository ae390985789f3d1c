import { Column, Entity, Unique } from 'typeorm';
import type { MediaKind } from '#libs/contracts';
import { BigintColumn, BigintIdColumn } from './bigint-column.js';

/** One archival item, named by its GUID. */
@Entity('media_files')
@Unique('media_files_guid_key', ['guid'])
export class MediaFileEntity {
  @BigintIdColumn('media_files_pkey')
  id!: number;

  @Column({ name: 'guid', type: 'text' })
  guid!: string;

  @Column({ name: 'title', type: 'text' })
  title!: string;

  @Column({ name: 'path', type: 'text' })
  path!: string;

  @Column({ name: 'kind', type: 'text' })
  kind!: MediaKind;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  /** Other columns of the spreadsheet from which it was imported. */
  @Column({ name: 'metadata', type: 'jsonb', default: {} })
  metadata!: Record<string, string>;

  /** Duration in milliseconds; null: unknown. */
  @BigintColumn({ name: 'duration_ms', nullable: true })
  durationMs!: number | null;

  /** When the input that apps get for this file last changed. */
  @Column({ name: 'changed_at', type: 'timestamptz', default: () => 'now()' })
  changedAt!: Date;
}
