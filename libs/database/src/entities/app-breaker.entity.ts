import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { AppEntity } from './app.entity.js';

/** An app that the circuit breaker has paused since it last succeeded. */
@Entity('app_breakers')
export class AppBreakerEntity {
  @ForeignKey(() => AppEntity, { name: 'app_breakers_app_id_fkey' })
  @PrimaryColumn({ name: 'app_id', type: 'integer', primaryKeyConstraintName: 'app_breakers_pkey' })
  appId!: number;

  /** The failure that kept coming. */
  @Column({ name: 'fingerprint', type: 'text' })
  fingerprint!: string;

  /** Pauses since the app was last heard to succeed. */
  @Column({ name: 'trips', type: 'integer' })
  trips!: number;

  @Column({ name: 'probe_at', type: 'timestamptz' })
  probeAt!: Date;

  /** One slot is open, to see how the app does. */
  @Column({ name: 'probing', type: 'boolean', default: false })
  probing!: boolean;
}
