import { Column } from 'typeorm';
import type { Outcome, StageMark, StageState } from '#libs/contracts';

/** The recorded result of an attempt of a stage, current or past. */
export abstract class StageResultColumns {
  @Column({ name: 'state', type: 'text' })
  state!: StageState;

  @Column({ name: 'outcome', type: 'text', nullable: true })
  outcome!: Outcome | null;

  @Column({ name: 'sentence', type: 'text', nullable: true })
  sentence!: string | null;

  @Column({ name: 'fingerprint', type: 'text', nullable: true })
  fingerprint!: string | null;

  @Column({ name: 'trace', type: 'text', nullable: true })
  trace!: string | null;

  @Column({ name: 'http_status', type: 'integer', nullable: true })
  httpStatus!: number | null;

  @Column({ name: 'calls', type: 'integer', default: 0 })
  calls!: number;

  @Column({ name: 'worker', type: 'text', nullable: true })
  worker!: string | null;

  @Column({ name: 'queued_at', type: 'timestamptz', nullable: true })
  queuedAt!: Date | null;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  /** New annotations by short type. */
  @Column({ name: 'annotations', type: 'jsonb', default: {} })
  annotations!: Record<string, number>;

  @Column({ name: 'warnings', type: 'jsonb', default: [] })
  warnings!: string[];

  /** Warnings of the SDK about itself. */
  @Column({ name: 'notices', type: 'jsonb', default: [] })
  notices!: string[];

  @Column({ name: 'mark', type: 'text', nullable: true })
  mark!: StageMark | null;

  @Column({ name: 'running_seconds', type: 'double precision', nullable: true })
  runningSeconds!: number | null;

  /** Its message was published on the subject again, for example with `nats pub`, not by Chowda. */
  @Column({ name: 'raw_replay', type: 'boolean', default: false })
  rawReplay!: boolean;

  @Column({ name: 'coverage', type: 'jsonb', nullable: true })
  coverage!: object | null;
}
