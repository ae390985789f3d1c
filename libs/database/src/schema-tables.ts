import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source.js';

/** A column of a table as defined by the entities. */
export interface SchemaColumn {
  readonly name: string;
  readonly type: string;
  readonly isKey: boolean;
  readonly isNullable: boolean;
  /** Referenced table; null: none. */
  readonly refersTo: string | null;
}

export interface SchemaTable {
  readonly name: string;
  readonly columns: readonly SchemaColumn[];
}

/** Reads entities without a database connection. */
class Blueprint extends DataSource {
  async tables(): Promise<SchemaTable[]> {
    await this.buildMetadatas();
    return this.entityMetadatas
      .map(({ tableName, columns, foreignKeys }) => ({
        name: tableName,
        columns: columns.map((column) => ({
          name: column.databaseName,
          type: this.driver.normalizeType(column),
          isKey: column.isPrimary,
          isNullable: column.isNullable,
          refersTo:
            foreignKeys.find((key) => key.columns.some(({ databaseName }) => databaseName === column.databaseName))
              ?.referencedEntityMetadata.tableName ?? null,
        })),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** All tables with their columns, by name. */
export const schemaTables = (): Promise<SchemaTable[]> =>
  new Blueprint(dataSourceOptions('postgres://localhost/unused', { poolSize: 1 })).tables();
