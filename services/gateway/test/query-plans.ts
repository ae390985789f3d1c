import pg from 'pg';
import type { SentQuery } from './query-watch.js';

/** Tables that grow with the archive: nothing may read one of them from end to end. */
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

/** What is under way: bounded by what the apps have room for. */
const SMALL_INDEXES = ['runs_running'];

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Filter?: string;
  readonly Plans?: readonly Plan[];
}

/** A statement and the large tables that it reads from end to end. */
export interface Scan {
  readonly tables: readonly string[];
  readonly query: string;
}

const EXPLAINED = /^\s*(select|with|insert|update|delete)\b/i;

/** How statements are explained. */
export interface Explaining {
  /** Whatever an index costs, it is taken: for tables so small that Postgres would rather read them whole. */
  readonly preferIndexes: boolean;
}

/** Asks Postgres how it does these statements, and returns those that read a large table from end to end. */
export async function scansOf(
  databaseUrl: string,
  queries: readonly SentQuery[],
  { preferIndexes }: Explaining,
): Promise<Scan[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // Joins that want all of both sides are the cheaper ones in a small table only.
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

/** One of each text: equal ones differ by values only. */
const distinct = (queries: readonly SentQuery[]): SentQuery[] => [
  ...new Map(queries.filter(({ text }) => EXPLAINED.test(text)).map((query) => [query.text, query])).values(),
];

/** `isLimited`: something above stops after so many rows. */
function scannedTables(plan: Plan, isLimited = false): string[] {
  const { 'Node Type': type, 'Relation Name': table = '', Plans: parts = [] } = plan;
  const own = LARGE_TABLES.includes(table) && readsAll(plan, isLimited) ? [table] : [];
  return [...own, ...parts.flatMap((part) => scannedTables(part, isLimited || type === 'Limit'))];
}

/** An index that nothing is looked up in is read from end to end, unless the first rows are all that is wanted. */
function readsAll(plan: Plan, isLimited: boolean): boolean {
  const { 'Node Type': type, 'Index Name': index = '', 'Index Cond': condition, Filter: filter } = plan;
  if (/^(Parallel )?Seq Scan$/.test(type)) return true;
  const isByIndex = /^(Parallel )?Index (Only )?Scan( Backward)?$/.test(type);
  if (SMALL_INDEXES.includes(index)) return false;
  return isByIndex && condition === undefined && (filter !== undefined || !isLimited);
}
