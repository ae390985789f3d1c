import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BatchUsage, DocumentUse } from '#libs/contracts';

type SharedUse = BatchUsage['total'];

type Kind = 'stage' | 'past' | 'input';

interface UseRow {
  readonly kind: Kind;
  readonly index: number;
  readonly documents: number;
  readonly bytes: string;
  readonly sharedDocuments: number;
  readonly sharedBytes: string;
  /** Of documents that no earlier row has counted. */
  readonly newDocuments: number;
  readonly newBytes: string;
  readonly newSharedDocuments: number;
  readonly newSharedBytes: string;
}

/**
 * Documents that runs of a batch refer to, by kind of reference, in document order: sizes and other uses come from
 * indexes with millions of entries, and in this order each page is read once, without reading table rows. The joins are
 * lateral, here and below, so that each run and document is looked up whatever the statistics say: the tables are much
 * larger than any batch.
 */
const PLACES = `
  select document, kind, index, run,
    row_number() over (partition by document, kind, index order by run) = 1 as "isFirstThere",
    row_number() over (partition by document order by kind, index, run) = 1 as "isFirst"
  from (
    select s.document, 'stage' as kind, s.index, r.id as run
    from runs r cross join lateral (select index, document from stage_runs where run_id = r.id offset 0) s
    where r.batch_id = $1 and s.document is not null
    union all
    select p.document, 'past', 0, r.id
    from runs r cross join lateral (select document from past_stage_runs where run_id = r.id offset 0) p
    where r.batch_id = $1 and p.document is not null
    union all
    select r.input_document, 'input', 0, r.id from runs r where r.batch_id = $1 and r.input_document is not null
  ) used`;

/** Another batch that still exists. */
const OTHER = 'r.batch_id <> $1 and r.batch_id <> all (array(select batch_id from deleted_batches))';

/** Other batches that use the document of a position as the output of a stage. */
const byStage = (table: string): string => `
  select r.batch_id as id from ${table} t join runs r on r.id = t.run_id
  where t.document = p.document and t.run_id <> p.run and ${OTHER}`;

/** Other batches that use it as an input. */
const BY_INPUT = `
  select r.batch_id as id from runs r where r.input_document = p.document and r.id <> p.run and ${OTHER}`;

const USAGE = `
  select kind, index, count(*)::int as documents, coalesce(sum(bytes), 0) as bytes,
    count(*) filter (where shared)::int as "sharedDocuments",
    coalesce(sum(bytes) filter (where shared), 0) as "sharedBytes",
    count(*) filter (where "isFirst")::int as "newDocuments",
    coalesce(sum(bytes) filter (where "isFirst"), 0) as "newBytes",
    count(*) filter (where "isFirst" and shared)::int as "newSharedDocuments",
    coalesce(sum(bytes) filter (where "isFirst" and shared), 0) as "newSharedBytes"
  from (
    select p.kind, p.index, p."isFirst", d.bytes, coalesce(current.id, past.id, input.id) is not null as shared
    from (${PLACES}) p
      cross join lateral (select stored_bytes as bytes from documents where sha256 = p.document offset 0) d
      left join lateral (${byStage('stage_runs')} limit 1) current on true
      left join lateral (${byStage('past_stage_runs')} limit 1) past on true
      left join lateral (${BY_INPUT} limit 1) input on true
    where p."isFirstThere"
  ) known group by kind, index`;

const USED_BY = `
  select b.id, b.name, count(distinct shared.document)::int as documents
  from (
    select p.document, other.id
    from (${PLACES}) p cross join lateral (
      (${byStage('stage_runs')} offset 0) union all (${byStage('past_stage_runs')} offset 0) union all (${BY_INPUT} offset 0)
    ) other
    where p."isFirst"
  ) shared join batches b on b.id = shared.id
  group by b.id order by documents desc, b.id limit $2`;

const NOTHING: SharedUse = { documents: 0, bytes: 0, shared: { documents: 0, bytes: 0 } };

/** Reads the storage that the documents of batches take, and which other batches use them. */
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
    const use = (kind: Kind, index = 0): SharedUse => {
      const row = rows.find((one) => one.kind === kind && one.index === index);
      return row ? useOf(row) : NOTHING;
    };
    return {
      batch,
      total: rows.map(newOf).reduce(together, NOTHING),
      stages: apps.map(({ index, app }) => ({ index, app, ...use('stage', index) })),
      pastTries: use('past'),
      inputs: use('input'),
    };
  }

  /** The batches that share documents with a batch, those that share the most first. */
  usedBy(batch: number, limit: number): Promise<(Pick<DocumentUse, 'documents'> & { id: number; name: string })[]> {
    return this.dataSource.query(USED_BY, [batch, limit]);
  }
}

const useOf = ({ documents, bytes, sharedDocuments, sharedBytes }: UseRow): SharedUse => ({
  documents,
  bytes: Number(bytes),
  shared: { documents: sharedDocuments, bytes: Number(sharedBytes) },
});

const newOf = ({ newDocuments, newBytes, newSharedDocuments, newSharedBytes }: UseRow): SharedUse => ({
  documents: newDocuments,
  bytes: Number(newBytes),
  shared: { documents: newSharedDocuments, bytes: Number(newSharedBytes) },
});

const together = (one: SharedUse, other: SharedUse): SharedUse => ({
  ...added(one, other),
  shared: added(one.shared, other.shared),
});

const added = (one: DocumentUse, other: DocumentUse): DocumentUse => ({
  documents: one.documents + other.documents,
  bytes: one.bytes + other.bytes,
});
