import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** A document that a stage stored in the broker. */
export interface StoredStageDocument {
  readonly run: number;
  /** Stage that produced it, or that reads it if the scheduler stored it. */
  readonly index: number;
  readonly sha256: string;
}

export interface JudgedObject {
  /** Postgres holds the document, or held it until the retention rules or a user removed it. */
  readonly isArchived: boolean;
  /** A stage that is not settled may still read it. */
  readonly isNeeded: boolean;
}

/** Whether documents in the broker are archived, and whether they are still needed there. */
@Injectable()
export class BucketObjectsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Judges documents, in their order. */
  async judge(objects: readonly StoredStageDocument[]): Promise<JudgedObject[]> {
    return this.dataSource.query<JudgedObject[]>(
      `select exists (select 1 from documents d where d.sha256 = o.sha256) or r.id is null
           or exists (select 1 from stage_runs s where s.run_id = o.run and s.document = o.sha256)
           or exists (select 1 from past_stage_runs s where s.run_id = o.run and s.document = o.sha256) as "isArchived",
         coalesce(r.state in ('waiting', 'running') and r.next_index <= o.index + 1, false) as "isNeeded"
       from unnest($1::bigint[], $2::int[], $3::text[]) with ordinality as o(run, index, sha256, place)
         left join runs r on r.id = o.run
       order by o.place`,
      [objects.map(({ run }) => run), objects.map(({ index }) => index), objects.map(({ sha256 }) => sha256)],
    );
  }
}
