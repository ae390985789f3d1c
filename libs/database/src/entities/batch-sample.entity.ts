import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { BatchEntity } from './batch.entity.js';

/** Progress of a running batch at one moment; kept for minutes, to compute its pace. */
@Entity('batch_samples')
export class BatchSampleEntity {
  @ForeignKey(() => BatchEntity, { name: 'batch_samples_batch_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'batch_id', type: 'integer', primaryKeyConstraintName: 'batch_samples_pkey' })
  batchId!: number;

  @PrimaryColumn({ name: 'at', type: 'timestamptz', primaryKeyConstraintName: 'batch_samples_pkey' })
  at!: Date;

  /** Number of finished stage runs, by stage. */
  @Column({ name: 'ended', type: 'integer', array: true })
  ended!: number[];
}
