import { Column, type ColumnOptions } from 'typeorm';

/** The driver returns bigint as text; IDs, sizes and versions stay far below 2^53. */
const asNumber = {
  from: (value: string | null) => (value === null ? null : Number(value)),
  to: (value: number | null) => value,
};

/** A bigint column that is a number in TypeScript. */
export const BigintColumn = (options: ColumnOptions) => Column({ ...options, type: 'bigint', transformer: asNumber });

/** A bigint primary key that Postgres generates. */
export const BigintIdColumn = (constraint: string) =>
  BigintColumn({
    name: 'id',
    primary: true,
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: constraint,
  });
