import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The hash of a used one-time sign-in code. */
@Entity('used_sign_in_codes')
export class UsedSignInCodeEntity {
  @PrimaryColumn({ name: 'code_hash', type: 'text', primaryKeyConstraintName: 'used_sign_in_codes_pkey' })
  codeHash!: string;

  @Column({ name: 'used_at', type: 'timestamptz', default: () => 'now()' })
  usedAt!: Date;
}
