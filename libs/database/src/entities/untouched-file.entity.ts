import { Entity, PrimaryColumn } from 'typeorm';

/** A media file that is in no batch which was started; without a foreign key, whose checks would slow imports. */
@Entity('untouched_files')
export class UntouchedFileEntity {
  @PrimaryColumn({ name: 'media_file_id', type: 'bigint', primaryKeyConstraintName: 'untouched_files_pkey' })
  mediaFileId!: string;
}
