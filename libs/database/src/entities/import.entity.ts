import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { ImportCounts, ImportResult, ImportSource } from '#libs/contracts';
import { BigintColumn } from './bigint-column.js';
import { IntegerIdColumn } from './integer-id-column.js';

/** One import of media files. */
@Entity('imports')
export class ImportEntity {
  @IntegerIdColumn('imports_pkey')
  id!: number;

  @Column({ name: 'source', type: 'text' })
  source!: ImportSource;

  @Column({ name: 'counts', type: 'jsonb' })
  counts!: ImportCounts;

  @Column({ name: 'created_by', type: 'text' })
  createdBy!: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}

/** The result of one line of an import. */
@Entity('import_lines')
@Index('import_lines_by_result', ['importId', 'result', 'n'])
export class ImportLineEntity {
  @ForeignKey(() => ImportEntity, { name: 'import_lines_import_id_fkey' })
  @PrimaryColumn({ name: 'import_id', type: 'integer', primaryKeyConstraintName: 'import_lines_pkey' })
  importId!: number;

  /** Position in the import, from 1. */
  @PrimaryColumn({ name: 'n', type: 'integer', primaryKeyConstraintName: 'import_lines_pkey' })
  n!: number;

  @Column({ name: 'line', type: 'integer' })
  line!: number;

  @Column({ name: 'result', type: 'text' })
  result!: ImportResult;

  @Column({ name: 'given', type: 'text' })
  given!: string;

  @Column({ name: 'guid', type: 'text', nullable: true })
  guid!: string | null;

  @Column({ name: 'sentence', type: 'text' })
  sentence!: string;

  @BigintColumn({ name: 'media_file_id', nullable: true })
  mediaFileId!: number | null;
}
