import pg from 'pg';
import type { SentQuery } from './query-watch.js';

/** Tables that grow with the archive and must never be scanned. */
const LARGE_TABLES = [
  'media_files',
  'untouched_files',
  'runs',
  'stage_runs',
  'past_stage_runs',
  'documents',
  'collection_files',
  'operator_actions',
];

/** Indexes of rows in progress only, which the slots of the apps limit to a small number. */
const SMALL_INDEXES = ['runs_running'];

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Filter?: string;
  readonly Plans?: readonly Plan[];
}

/** A statement and the large tables that it scans. */
export interface Scan {
  readonly tables: readonly string[];
  readonly query: string;
}

const EXPLAINED = /^\s*(select|with|insert|update|delete)\b/i;

/** Settings for EXPLAIN. */
export interface Explaining {
  /** Forces index use, for tables that are so small that Postgres would prefer a scan. */
  readonly preferIndexes: boolean;
}

/** Explains statements and returns those that scan a large table. */
export async function scansOf(
  databaseUrl: string,
  queries: readonly SentQuery[],
  { preferIndexes }: Explaining,
): Promise<Scan[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // Hash and merge joins read both sides completely; they are cheaper only for small tables.
    if (preferIndexes)
      await client.query('set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off');
    const scans: Scan[] = [];
    for (const { text, values } of distinct(queries)) {
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (format json) ${text}`, [
        ...values,
      ]);
      const tables = [...new Set(scannedTables(rows[0]!['QUERY PLAN'][0].Plan))];
      if (tables.length > 0) scans.push({ tables, query: text.replaceAll(/\s+/g, ' ').trim() });
    }
    return scans;
  } finally {
    await client.end();
  }
}

/** One statement per SQL text; others differ only in their values. */
const distinct = (queries: readonly SentQuery[]): SentQuery[] => [
  ...new Map(queries.filter(({ text }) => EXPLAINED.test(text)).map((query) => [query.text, query])).values(),
];

/** `isLimited`: a parent node stops after a fixed number of rows. */
function scannedTables(plan: Plan, isLimited = false): string[] {
  const { 'Node Type': type, 'Relation Name': table = '', Plans: parts = [] } = plan;
  const own = LARGE_TABLES.includes(table) && readsAll(plan, isLimited) ? [table] : [];
  return [...own, ...parts.flatMap((part) => scannedTables(part, isLimited || type === 'Limit'))];
}

/** An index scan without a condition reads the whole index, unless a limit stops it. */
function readsAll(plan: Plan, isLimited: boolean): boolean {
  const { 'Node Type': type, 'Index Name': index = '', 'Index Cond': condition, Filter: filter } = plan;
  if (/^(Parallel )?Seq Scan$/.test(type)) return true;
  const isByIndex = /^(Parallel )?Index (Only )?Scan( Backward)?$/.test(type);
  if (SMALL_INDEXES.includes(index)) return false;
  return isByIndex && condition === undefined && (filter !== undefined || !isLimited);
}
