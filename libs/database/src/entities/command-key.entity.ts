import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A command that was sent with a key, and its answer. */
@Entity('command_keys')
@Index('command_keys_created_at', ['createdAt'])
export class CommandKeyEntity {
  @PrimaryColumn({ name: 'actor', type: 'text', primaryKeyConstraintName: 'command_keys_pkey' })
  actor!: string;

  @PrimaryColumn({ name: 'key', type: 'text', primaryKeyConstraintName: 'command_keys_pkey' })
  key!: string;

  /** Digest of everything in the command. */
  @Column({ name: 'digest', type: 'text' })
  digest!: string;

  @Column({ name: 'status', type: 'smallint', nullable: true })
  status!: number | null;

  /** The answer as JSON; null: no body. */
  @Column({ name: 'body', type: 'text', nullable: true })
  body!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
