import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** The single row with the identity of this database. */
@Entity('installation')
@Check('installation_one_check', 'one')
export class InstallationEntity {
  @PrimaryColumn({ name: 'one', type: 'boolean', default: true, primaryKeyConstraintName: 'installation_pkey' })
  one!: boolean;

  @Column({ name: 'id', type: 'text' })
  id!: string;
}
