import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BatchEntity } from './batch.entity.js';

/** A batch that is held at a stage: none of its runs starts this stage, except a probe. */
@Entity('batch_holds')
export class BatchHoldEntity {
  @ForeignKey(() => BatchEntity, { name: 'batch_holds_batch_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'batch_id', type: 'integer', primaryKeyConstraintName: 'batch_holds_pkey' })
  batchId!: number;

  /** Index of the stage. */
  @PrimaryColumn({ name: 'stage', type: 'integer', primaryKeyConstraintName: 'batch_holds_pkey' })
  stage!: number;

  @Column({ name: 'held_by', type: 'text' })
  heldBy!: string;

  @Column({ name: 'reason', type: 'text' })
  reason!: string;

  @Column({ name: 'since', type: 'timestamptz', default: () => 'now()' })
  since!: Date;

  /** The repeated failure; null: a person holds the batch, and only a person ends it. */
  @Column({ name: 'fingerprint', type: 'text', nullable: true })
  fingerprint!: string | null;

  /** Probes that failed, and the first failure. */
  @Column({ name: 'trips', type: 'integer', default: 1 })
  trips!: number;

  /** When the next file may pass, as a probe; null: none. */
  @Column({ name: 'probe_at', type: 'timestamptz', nullable: true })
  probeAt!: Date | null;

  /** The run that may pass. */
  @Column({ name: 'probe_run', type: 'bigint', nullable: true })
  probeRun!: string | null;
}
