import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { BigintColumn } from './bigint-column.js';
import { IntegerIdColumn } from './integer-id-column.js';
import { MediaFileEntity } from './media-file.entity.js';

/** A named set of media files. Names are unique regardless of case, by an index on an expression. */
@Entity('collections')
export class CollectionEntity {
  @IntegerIdColumn('collections_pkey')
  id!: number;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @Column({ name: 'description', type: 'text' })
  description!: string;

  /** Number of its media files. */
  @Column({ name: 'files', type: 'integer', default: 0 })
  files!: number;

  @Column({ name: 'created_by', type: 'text' })
  createdBy!: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}

/** A media file in a collection. */
@Entity('collection_files')
@Index('collection_files_by_file', ['mediaFileId', 'collectionId'])
export class CollectionFileEntity {
  @ForeignKey(() => CollectionEntity, { name: 'collection_files_collection_id_fkey' })
  @Column({
    name: 'collection_id',
    type: 'integer',
    primary: true,
    primaryKeyConstraintName: 'collection_files_pkey',
  })
  collectionId!: number;

  @ForeignKey(() => MediaFileEntity, { name: 'collection_files_media_file_id_fkey' })
  @BigintColumn({ name: 'media_file_id', primary: true, primaryKeyConstraintName: 'collection_files_pkey' })
  mediaFileId!: number;
}
