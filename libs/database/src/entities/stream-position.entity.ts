import { Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn } from './bigint-column.js';

/** How far a stream has counted, or a consumer of it (`<stream>/<consumer>`) has acknowledged. */
@Entity('stream_positions')
export class StreamPositionEntity {
  @PrimaryColumn({ name: 'stream', type: 'text', primaryKeyConstraintName: 'stream_positions_pkey' })
  stream!: string;

  @BigintColumn({ name: 'last_sequence' })
  lastSequence!: number;
}
