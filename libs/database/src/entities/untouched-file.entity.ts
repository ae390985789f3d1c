import { Entity, PrimaryColumn } from 'typeorm';

/** A media file that is in no started batch; without a foreign key, whose checks would slow imports down. */
@Entity('untouched_files')
export class UntouchedFileEntity {
  @PrimaryColumn({ name: 'media_file_id', type: 'bigint', primaryKeyConstraintName: 'untouched_files_pkey' })
  mediaFileId!: string;
}
