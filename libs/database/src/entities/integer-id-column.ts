import { PrimaryGeneratedColumn } from 'typeorm';

/** An integer primary key that Postgres generates. */
export const IntegerIdColumn = (constraint: string) =>
  PrimaryGeneratedColumn('identity', {
    name: 'id',
    type: 'integer',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: constraint,
  });
