import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MAX_PAGE_ROWS, type MediaFileDetail, type MediaFileRun } from '#libs/contracts';
import { NEWEST_RUN } from './media-file-search.js';

/** URL of the document of a run's stage. */
type DocumentAddress = (run: number, index: number) => string;

interface RunRecord extends Omit<MediaFileRun, 'run' | 'createdAt' | 'finishedAt' | 'documents'> {
  readonly run: string;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  readonly documents: readonly Omit<MediaFileRun['documents'][number], 'url'>[] | null;
}

interface FileRecord extends Omit<MediaFileDetail, 'id' | 'createdAt' | 'durationMs' | 'runs'> {
  readonly id: string;
  readonly createdAt: Date;
  readonly durationMs: string | null;
}

/** Until the file is measured, the duration that an app reported is used. */
const FILE = `
  select m.id, m.guid, m.title, m.path, m.kind, m.metadata, m.created_at as "createdAt",
    coalesce(m.duration_ms, (
      select (s.coverage->>'of')::numeric::bigint from runs r join stage_runs s on s.run_id = r.id
      where r.media_file_id = m.id and s.coverage is not null order by s.settled_at desc limit 1
    )) as "durationMs",
    coalesce(newest.state, 'never') as status, (
      select coalesce(json_agg(json_build_object('id', n.id, 'name', n.name) order by n.name), '[]')
      from collection_files c join collections n on n.id = c.collection_id where c.media_file_id = m.id
    ) as collections
  from media_files m ${NEWEST_RUN} where m.id = $1`;

const RUNS = `
  select r.id as run, json_build_object('id', b.id, 'name', b.name) as batch,
    json_build_object('id', p.id, 'name', p.name, 'version', v.number) as pipeline,
    r.state, r.sentence, b.created_at as "createdAt", r.finished_at as "finishedAt", (
      select json_agg(json_build_object('index', s.index, 'app', a.slug, 'sha256', d.sha256, 'bytes', d.bytes)
        order by s.index)
      from stage_runs s join documents d on d.sha256 = s.document
        join pipeline_stages ps on ps.version_id = b.pipeline_version_id and ps.index = s.index
        join apps a on a.id = ps.app_id
      where s.run_id = r.id
    ) as documents
  from runs r join batches b on b.id = r.batch_id join pipeline_versions v on v.id = b.pipeline_version_id
    join pipelines p on p.id = v.pipeline_id
  where r.media_file_id = $1 order by r.batch_id desc limit ${MAX_PAGE_ROWS}`;

/** Reads one media file with everything related to it. */
@Injectable()
export class MediaFileDetailsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** A media file with its collections and its runs, newest first; null when there is no such file. */
  async find(id: number, documentAddress: DocumentAddress): Promise<MediaFileDetail | null> {
    const [file] = await this.dataSource.query<FileRecord[]>(FILE, [id]);
    if (!file) return null;
    const runs = await this.dataSource.query<RunRecord[]>(RUNS, [id]);
    return {
      ...file,
      id,
      createdAt: file.createdAt.toISOString(),
      durationMs: file.durationMs === null ? null : Number(file.durationMs),
      runs: runs.map((run) => runOf(run, documentAddress)),
    };
  }
}

function runOf({ documents, ...record }: RunRecord, documentAddress: DocumentAddress): MediaFileRun {
  const run = Number(record.run);
  return {
    ...record,
    run,
    createdAt: record.createdAt.toISOString(),
    finishedAt: record.finishedAt?.toISOString() ?? null,
    documents: (documents ?? []).map((document) => ({ ...document, url: documentAddress(run, document.index) })),
  };
}
