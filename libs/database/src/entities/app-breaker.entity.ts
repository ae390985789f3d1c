import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { AppEntity } from './app.entity.js';

/** State of the circuit breaker for an app that it paused and that has not succeeded since. */
@Entity('app_breakers')
export class AppBreakerEntity {
  @ForeignKey(() => AppEntity, { name: 'app_breakers_app_id_fkey' })
  @PrimaryColumn({ name: 'app_id', type: 'integer', primaryKeyConstraintName: 'app_breakers_pkey' })
  appId!: number;

  /** The repeated failure. */
  @Column({ name: 'fingerprint', type: 'text' })
  fingerprint!: string;

  /** Pauses since the app last succeeded. */
  @Column({ name: 'trips', type: 'integer' })
  trips!: number;

  @Column({ name: 'probe_at', type: 'timestamptz' })
  probeAt!: Date;

  /** The breaker has opened one slot to test the app. */
  @Column({ name: 'probing', type: 'boolean', default: false })
  probing!: boolean;

  /** `failing`, or why the app does not accept calls: `connection` or `busy`. */
  @Column({ name: 'cause', type: 'text', default: 'failing' })
  cause!: string;

  @Column({ name: 'since', type: 'timestamptz', default: () => 'now()' })
  since!: Date;
}
