import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn } from './bigint-column.js';

/** One MMIF document, addressed by its content. */
@Entity('documents')
export class DocumentEntity {
  @PrimaryColumn({ name: 'sha256', type: 'text', primaryKeyConstraintName: 'documents_pkey' })
  sha256!: string;

  /** Size before compression. */
  @BigintColumn({ name: 'bytes' })
  bytes!: number;

  @Column({ name: 'encoding', type: 'text' })
  encoding!: 'gzip' | 'identity';

  /** Of the content; within the primary key's index, so that sizes are read without the rows. */
  @Column({ name: 'stored_bytes', type: 'integer' })
  storedBytes!: number;

  @Column({ name: 'content', type: 'bytea' })
  content!: Buffer;

  /** When it was archived last: a sweep leaves alone what came a moment ago. */
  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
