import { Column, Entity, Unique } from 'typeorm';
import type { RetryPolicy } from '#libs/contracts';
import { IntegerIdColumn } from './integer-id-column.js';

/** One registered version of a CLAMS app. */
@Entity('apps')
@Unique('apps_slug_key', ['slug'])
export class AppEntity {
  @IntegerIdColumn('apps_pkey')
  id!: number;

  @Column({ name: 'slug', type: 'text' })
  slug!: string;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @Column({ name: 'version', type: 'text' })
  version!: string;

  @Column({ name: 'identifier', type: 'text' })
  identifier!: string;

  @Column({ name: 'url', type: 'text' })
  url!: string;

  @Column({ name: 'adapter', type: 'text', default: 'http' })
  adapter!: string;

  /** The metadata of the app. */
  @Column({ name: 'metadata', type: 'jsonb' })
  metadata!: unknown;

  /** The metadata as the app sent it, byte for byte. */
  @Column({ name: 'metadata_text', type: 'text' })
  metadataText!: string;

  @Column({ name: 'metadata_sha256', type: 'text' })
  metadataSha256!: string;

  @Column({ name: 'concurrency', type: 'integer' })
  concurrency!: number;

  @Column({ name: 'deadline_seconds', type: 'integer' })
  deadlineSeconds!: number;

  /** Null until its consumer exists. */
  @Column({ name: 'ready_at', type: 'timestamptz', nullable: true })
  readyAt!: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ name: 'paused_at', type: 'timestamptz', nullable: true })
  pausedAt!: Date | null;

  @Column({ name: 'paused_by', type: 'text', nullable: true })
  pausedBy!: string | null;

  @Column({ name: 'paused_why', type: 'text', nullable: true })
  pausedWhy!: string | null;

  /** A disabled app cannot be chosen for a new pipeline version. */
  @Column({ name: 'enabled', type: 'boolean', default: true })
  enabled!: boolean;

  @Column({ name: 'retry', type: 'jsonb', default: {} })
  retry!: RetryPolicy;

  @Column({ name: 'cost_per_hour', type: 'double precision', nullable: true })
  costPerHour!: number | null;

  @Column({ name: 'notes', type: 'text', default: '' })
  notes!: string;
}
