import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { AppEntity } from './app.entity.js';

/** How long an app takes for a file, as the leader last stored it. */
@Entity('app_durations')
export class AppDurationEntity {
  @ForeignKey(() => AppEntity, { name: 'app_durations_app_id_fkey' })
  @PrimaryColumn({ name: 'app_id', type: 'integer', primaryKeyConstraintName: 'app_durations_pkey' })
  appId!: number;

  /** Moving mean of its finished calls. */
  @Column({ name: 'milliseconds', type: 'double precision' })
  milliseconds!: number;
}
