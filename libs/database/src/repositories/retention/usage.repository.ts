import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BatchUsage, DocumentUse } from '#libs/contracts';

type SharedUse = BatchUsage['total'];

interface UseRow {
  /** Null in the row of all together. */
  readonly kind: 'stage' | 'past' | 'input' | null;
  readonly index: number | null;
  readonly documents: number;
  readonly bytes: string;
  readonly sharedDocuments: number;
  readonly sharedBytes: string;
}

/**
 * Documents that runs of a batch refer to, by what they are to it. Lateral, here and below: whatever the statistics say,
 * each run and each document is looked up by an index, because the tables are much larger than any batch.
 */
const REFERENCES = `
  select 'stage' as kind, s.index, s.document
  from runs r cross join lateral (
    select index, document from stage_runs where run_id = r.id offset 0
  ) s
  where r.batch_id = $1 and s.document is not null
  union
  select 'past', 0, p.document
  from runs r cross join lateral (
    select document from past_stage_runs where run_id = r.id offset 0
  ) p
  where r.batch_id = $1 and p.document is not null
  union
  select 'input', 0, r.input_document from runs r where r.batch_id = $1 and r.input_document is not null`;

/** The documents that a batch uses. */
const USED = `with used as materialized (${REFERENCES}), documents_used as (select distinct document from used)`;

/** A batch but this one that uses a document, by way of a stage. */
const otherUse = (table: string, limit: string): string => `
  select r.batch_id from ${table} t join runs r on r.id = t.run_id
  where t.document = u.document and r.batch_id <> $1 ${limit}`;

/** The same, by way of what a run begins with. */
const otherInput = (limit: string): string => `
  select r.batch_id from runs r where r.input_document = u.document and r.batch_id <> $1 ${limit}`;

const USAGE = `
  ${USED}, known as materialized (
    select u.document, d.bytes, coalesce(current.batch_id, past.batch_id, input.batch_id) is not null as shared
    from documents_used u
      cross join lateral (select octet_length(content) as bytes from documents where sha256 = u.document limit 1) d
      left join lateral (${otherUse('stage_runs', 'limit 1')}) current on true
      left join lateral (${otherUse('past_stage_runs', 'limit 1')}) past on true
      left join lateral (${otherInput('limit 1')}) input on true
  )
  select u.kind, u.index, count(*)::int as documents, coalesce(sum(k.bytes), 0) as bytes,
    count(*) filter (where k.shared)::int as "sharedDocuments",
    coalesce(sum(k.bytes) filter (where k.shared), 0) as "sharedBytes"
  from used u join known k using (document) group by 1, 2
  union all
  select null, null, count(*)::int, coalesce(sum(bytes), 0), count(*) filter (where shared)::int,
    coalesce(sum(bytes) filter (where shared), 0)
  from known`;

const USED_BY = `
  ${USED}
  select b.id, b.name, count(*)::int as documents
  from (
    select distinct u.document, other.batch_id from documents_used u cross join lateral (
      (${otherUse('stage_runs', 'offset 0')}) union (${otherUse('past_stage_runs', 'offset 0')})
      union (${otherInput('offset 0')})
    ) other
  ) shared join batches b on b.id = shared.batch_id
  group by b.id order by documents desc, b.id limit $2`;

const NOTHING: SharedUse = { documents: 0, bytes: 0, shared: { documents: 0, bytes: 0 } };

/** How much the documents of batches take, and who else uses them. */
@Injectable()
export class UsageRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Null when there is no such batch. */
  async of(batch: number): Promise<BatchUsage | null> {
    const apps = await this.dataSource.query<{ index: number; app: string }[]>(
      `select p.index, a.slug as app from batches b join pipeline_stages p on p.version_id = b.pipeline_version_id
         join apps a on a.id = p.app_id where b.id = $1 order by p.index`,
      [batch],
    );
    if (apps.length === 0) return null;
    const rows = await this.dataSource.query<UseRow[]>(USAGE, [batch]);
    const use = (kind: UseRow['kind'], index?: number): SharedUse => {
      const row = rows.find((one) => one.kind === kind && (index === undefined || one.index === index));
      return row ? useOf(row) : NOTHING;
    };
    return {
      batch,
      total: use(null),
      stages: apps.map(({ index, app }) => ({ index, app, ...use('stage', index) })),
      pastTries: use('past'),
      inputs: use('input'),
    };
  }

  /** The batches that use documents of a batch, those with most of them first. */
  usedBy(batch: number, limit: number): Promise<(Pick<DocumentUse, 'documents'> & { id: number; name: string })[]> {
    return this.dataSource.query(USED_BY, [batch, limit]);
  }
}

const useOf = ({ documents, bytes, sharedDocuments, sharedBytes }: UseRow): SharedUse => ({
  documents,
  bytes: Number(bytes),
  shared: { documents: sharedDocuments, bytes: Number(sharedBytes) },
});
