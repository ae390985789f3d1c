import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { RetentionKeep } from '#libs/contracts';
import { BatchEntity } from './batch.entity.js';

/** Default retention of the installation. */
@Entity('retention')
@Check('retention_one_check', 'one')
export class RetentionEntity {
  @PrimaryColumn({ name: 'one', type: 'boolean', default: true, primaryKeyConstraintName: 'retention_pkey' })
  one!: boolean;

  @Column({ name: 'keep', type: 'text', default: 'all' })
  keep!: RetentionKeep;

  @Column({ name: 'days', type: 'integer', nullable: true })
  days!: number | null;

  @Column({ name: 'changed_by', type: 'text', nullable: true })
  changedBy!: string | null;

  @Column({ name: 'changed_at', type: 'timestamptz', nullable: true })
  changedAt!: Date | null;
}

/** Retention of one batch, and what is left of it. */
@Entity('batch_retention')
export class BatchRetentionEntity {
  @ForeignKey(() => BatchEntity, { name: 'batch_retention_batch_id_fkey' })
  @PrimaryColumn({ name: 'batch_id', type: 'integer', primaryKeyConstraintName: 'batch_retention_pkey' })
  batchId!: number;

  /** Null: the default of the installation. */
  @Column({ name: 'keep', type: 'text', nullable: true })
  keep!: RetentionKeep | null;

  @Column({ name: 'days', type: 'integer', nullable: true })
  days!: number | null;

  @Column({ name: 'kept', type: 'text', default: 'all' })
  kept!: RetentionKeep | 'none';

  /** Since when the batch has been finished, as of the last sweep. */
  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;
}

/** Position of the current pass that searches for unreferenced documents. */
@Entity('document_sweep')
@Check('document_sweep_one_check', 'one')
export class DocumentSweepEntity {
  @PrimaryColumn({ name: 'one', type: 'boolean', default: true, primaryKeyConstraintName: 'document_sweep_pkey' })
  one!: boolean;

  @Column({ name: 'position', type: 'text', nullable: true })
  position!: string | null;

  @Column({ name: 'wanted', type: 'boolean', default: false })
  wanted!: boolean;

  @Column({ name: 'ended_at', type: 'timestamptz', default: () => 'now()' })
  endedAt!: Date;
}
