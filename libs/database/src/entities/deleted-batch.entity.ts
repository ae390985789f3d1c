import { Entity, PrimaryColumn } from 'typeorm';

/** A deleted batch with runs that are not deleted yet. */
@Entity('deleted_batches')
export class DeletedBatchEntity {
  @PrimaryColumn({ name: 'batch_id', type: 'integer', primaryKeyConstraintName: 'deleted_batches_pkey' })
  batchId!: number;
}
