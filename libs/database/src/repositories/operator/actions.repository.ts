import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ActionView } from '#libs/contracts';
import type { Slice } from '../search/page-range.js';

type ActionRow = Omit<ActionView, 'id' | 'at'> & { readonly id: string; readonly at: Date };

// Keys say how a command was sent, and are of use to its sender only; who that is has a column.
const VIEW = "id, at, actor, verb, request - 'key' - 'actor' as request, answer, batches";
const ALL = `select ${VIEW} from operator_actions where $1::bigint is null or id < $1 order by id desc limit $2`;
/** Materialized: else Postgres may go back through everything that was ever done, to find a batch that did not change lately. */
const OF_BATCH = `
  with found as materialized (select * from operator_actions where batches @> array[$3::integer])
  select ${VIEW} from found where $1::bigint is null or id < $1 order by id desc limit $2`;

/** Commands that have changed something, with who gave them. */
@Injectable()
export class ActionsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest first, of all or of one batch; `after` is the id of the last one of the page before. */
  async list({ after, limit }: Slice, batch?: number): Promise<ActionView[]> {
    const rows = await this.dataSource.query<ActionRow[]>(
      batch === undefined ? ALL : OF_BATCH,
      batch === undefined ? [after, limit] : [after, limit, batch],
    );
    return rows.map((row) => ({ ...row, id: Number(row.id), at: row.at.toISOString() }));
  }
}
