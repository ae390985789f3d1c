import { renderTable, type Table } from './table.js';
import type { Target } from './target.js';

/** What one part of the bench found. */
export interface PartReport {
  readonly tables: readonly Table[];
  readonly targets: readonly Target[];
  /** Sentences for whoever reads the tables. */
  readonly notes: readonly string[];
}

/** The tables and notes of a part, as they are told. */
export const renderReport = ({ tables, notes }: PartReport): string =>
  [...tables.map(renderTable), ...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join('\n')] : [])].join('\n\n');
