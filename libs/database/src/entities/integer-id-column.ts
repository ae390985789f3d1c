import { PrimaryGeneratedColumn } from 'typeorm';

/** An integer primary key that Postgres counts up. */
export const IntegerIdColumn = (constraint: string) =>
  PrimaryGeneratedColumn('identity', {
    name: 'id',
    type: 'integer',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: constraint,
  });
