import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import { removeUnreferenced } from './unreferenced-documents.js';

/** Result of a portion. */
export interface SweptDocuments {
  readonly removed: number;
  /** Whether the pass continues. */
  readonly isUnderWay: boolean;
}

/** Deletes unreferenced documents: those of deleted batches, and those of events that were recorded too late. */
@Injectable()
export class DocumentSweepRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /**
   * Checks a portion of documents in a pass over all of them. A pass starts after the deletion of a batch and once a
   * day.
   */
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
           -- Deletions from now on are left to the next pass.
           wanted = wanted and $2,
           ended_at = case when $1::text is null then now() else ended_at end`,
        [position, pass.position !== ''],
      );
      return { removed, isUnderWay: position !== null };
    });
  }
}
