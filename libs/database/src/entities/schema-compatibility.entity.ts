import { Entity, PrimaryColumn } from 'typeorm';

/** A migration with which services that do not know it can work. */
@Entity('schema_compatibility')
export class SchemaCompatibilityEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'schema_compatibility_pkey' })
  migration!: string;
}
