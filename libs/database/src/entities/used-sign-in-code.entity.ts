import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A one-time sign-in code that was used, by its hash. */
@Entity('used_sign_in_codes')
export class UsedSignInCodeEntity {
  @PrimaryColumn({ name: 'code_hash', type: 'text', primaryKeyConstraintName: 'used_sign_in_codes_pkey' })
  codeHash!: string;

  @Column({ name: 'used_at', type: 'timestamptz', default: () => 'now()' })
  usedAt!: Date;
}
