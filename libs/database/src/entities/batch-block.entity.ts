import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BatchEntity } from './batch.entity.js';

/** Why an unfinished batch makes no progress; there is no row while it does. */
@Entity('batch_blocks')
export class BatchBlockEntity {
  @ForeignKey(() => BatchEntity, { name: 'batch_blocks_batch_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'batch_id', type: 'integer', primaryKeyConstraintName: 'batch_blocks_pkey' })
  batchId!: number;

  /** From 0; null: the cause is not a stage. */
  @Column({ name: 'stage', type: 'integer', nullable: true })
  stage!: number | null;

  /** Slug. */
  @Column({ name: 'app', type: 'text', nullable: true })
  app!: string | null;

  @Column({ name: 'reason', type: 'text' })
  reason!: string;

  @Column({ name: 'since', type: 'timestamptz', default: () => 'now()' })
  since!: Date;

  /** When it continues; null: unknown. */
  @Column({ name: 'until', type: 'timestamptz', nullable: true })
  until!: Date | null;

  @Column({ name: 'advice', type: 'text' })
  advice!: string;
}
