import { Entity, PrimaryColumn } from 'typeorm';

/** A batch that is gone, but for some of its runs. */
@Entity('deleted_batches')
export class DeletedBatchEntity {
  @PrimaryColumn({ name: 'batch_id', type: 'integer', primaryKeyConstraintName: 'deleted_batches_pkey' })
  batchId!: number;
}
