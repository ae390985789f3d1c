import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import { removeUnreferenced } from './unreferenced-documents.js';

/** What a portion has done. */
export interface SweptDocuments {
  readonly removed: number;
  /** Whether the pass goes on. */
  readonly isUnderWay: boolean;
}

/** Removes documents to which nothing refers: of deleted batches, and of events that came too late to count. */
@Injectable()
export class DocumentSweepRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /** Looks at so many documents of a pass through all of them. One begins when a batch was deleted, and once a day. */
  sweep(limit: number): Promise<SweptDocuments> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      const [pass] = await manager.query<{ position: string }[]>(
        `select coalesce(position, '') as position from document_sweep
         where position is not null or wanted or ended_at < now() - interval '1 day' for update`,
      );
      if (!pass) return { removed: 0, isUnderWay: false };
      const rows = await manager.query<{ sha256: string }[]>(
        'select sha256 from documents where sha256 > $1 order by sha256 limit $2',
        [pass.position, limit],
      );
      const removed = await removeUnreferenced(
        manager,
        rows.map(({ sha256 }) => sha256),
      );
      const position = rows.length < limit ? null : rows.at(-1)!.sha256;
      await manager.query(
        `update document_sweep set position = $1,
           -- What was deleted from here on is for the next pass.
           wanted = wanted and $2,
           ended_at = case when $1::text is null then now() else ended_at end`,
        [position, pass.position !== ''],
      );
      return { removed, isUnderWay: position !== null };
    });
  }
}
