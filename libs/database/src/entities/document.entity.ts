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

  /** Size of the content; part of the primary key's index, so that sizes are read without the rows. */
  @Column({ name: 'stored_bytes', type: 'integer' })
  storedBytes!: number;

  @Column({ name: 'content', type: 'bytea' })
  content!: Buffer;

  /** When it was last archived: a sweep keeps recent documents. */
  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
