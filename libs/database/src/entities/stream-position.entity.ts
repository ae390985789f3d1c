import { Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn } from './bigint-column.js';

/** Last sequence of a stream, or ack floor of one of its consumers (`<stream>/<consumer>`). */
@Entity('stream_positions')
export class StreamPositionEntity {
  @PrimaryColumn({ name: 'stream', type: 'text', primaryKeyConstraintName: 'stream_positions_pkey' })
  stream!: string;

  @BigintColumn({ name: 'last_sequence' })
  lastSequence!: number;
}
