import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BatchEntity } from './batch.entity.js';

/** How far a running batch was at a moment; kept for minutes, to tell its pace. */
@Entity('batch_samples')
export class BatchSampleEntity {
  @ForeignKey(() => BatchEntity, { name: 'batch_samples_batch_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'batch_id', type: 'integer', primaryKeyConstraintName: 'batch_samples_pkey' })
  batchId!: number;

  @PrimaryColumn({ name: 'at', type: 'timestamptz', primaryKeyConstraintName: 'batch_samples_pkey' })
  at!: Date;

  /** Stage runs that had come to an end, by stage. */
  @Column({ name: 'ended', type: 'integer', array: true })
  ended!: number[];
}
