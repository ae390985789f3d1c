import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ActionView } from '#libs/contracts';
import { type OperatorCommand, recordAction } from '../commands/operator-action.js';
import type { PageRange } from '../search/page-range.js';

type ActionRow = Omit<ActionView, 'id' | 'at'> & { readonly id: string; readonly at: Date };

// The sender's idempotency key is omitted, because only the sender can use it; the actor has a column.
const VIEW = "id, at, actor, verb, request - 'key' - 'actor' as request, answer, batches";
const ALL = `select ${VIEW} from operator_actions where $1::bigint is null or id < $1 order by id desc limit $2`;
/** Materialized: otherwise Postgres may scan the whole log backwards for a batch without recent commands. */
const OF_BATCH = `
  with found as materialized (select * from operator_actions where batches @> array[$3::integer])
  select ${VIEW} from found where $1::bigint is null or id < $1 order by id desc limit $2`;

/** Audit log of commands that changed something. */
@Injectable()
export class ActionsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Records a command that changes nothing in the database. */
  record(command: OperatorCommand, outcome: object): Promise<void> {
    return recordAction(this.dataSource.manager, command, outcome);
  }

  /** Newest first, all or of one batch; `after` is the ID of the last entry of the previous page. */
  async list({ after, limit }: PageRange, batch?: number): Promise<ActionView[]> {
    const rows = await this.dataSource.query<ActionRow[]>(
      batch === undefined ? ALL : OF_BATCH,
      batch === undefined ? [after, limit] : [after, limit, batch],
    );
    return rows.map((row) => ({ ...row, id: Number(row.id), at: row.at.toISOString() }));
  }
}
