import { renderTable, type Table } from './table.js';
import type { Target } from './target.js';

/** The results of one part of the bench. */
export interface PartReport {
  readonly tables: readonly Table[];
  readonly targets: readonly Target[];
  /** Sentences that explain the tables. */
  readonly notes: readonly string[];
}

/** The printed tables and notes of a part. */
export const renderReport = ({ tables, notes }: PartReport): string =>
  [...tables.map(renderTable), ...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join('\n')] : [])].join('\n\n');
