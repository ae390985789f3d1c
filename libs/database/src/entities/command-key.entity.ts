import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A command that was sent with a key, and what was answered to it. */
@Entity('command_keys')
@Index('command_keys_created_at', ['createdAt'])
export class CommandKeyEntity {
  @PrimaryColumn({ name: 'actor', type: 'text', primaryKeyConstraintName: 'command_keys_pkey' })
  actor!: string;

  @PrimaryColumn({ name: 'key', type: 'text', primaryKeyConstraintName: 'command_keys_pkey' })
  key!: string;

  /** Of all that the command says. */
  @Column({ name: 'digest', type: 'text' })
  digest!: string;

  @Column({ name: 'status', type: 'smallint', nullable: true })
  status!: number | null;

  /** JSON as it was answered; null: no body. */
  @Column({ name: 'body', type: 'text', nullable: true })
  body!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
