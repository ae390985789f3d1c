import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type OperatorCommand, recordAction } from '../commands/operator-action.js';
import { refusable, refuse } from '../commands/refusal.js';
import type { ArchivedDocument } from '../state/stage-change.js';

/** Result of setting or removing an input document. */
export type InputChange = 'changed' | 'unknown-batch' | 'unknown-file' | 'not-draft';

/** Uploaded input documents of drafts. */
@Injectable()
export class BatchInputsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Sets the input document of a file; it replaces an earlier one. */
  set(batch: number, guid: string, document: ArchivedDocument, actor: string): Promise<InputChange> {
    const request = { batch, guid, document: document.sha256 };
    return this.change(batch, guid, { verb: 'give-input', actor, request }, async (manager, run) => {
      const { sha256, bytes, encoding, content } = document;
      // The conflict clause locks an existing document, so that no sweep removes it before it is referred to.
      await manager.query(
        `insert into documents (sha256, bytes, encoding, content, stored_bytes) values ($1, $2, $3, $4, octet_length($4::bytea))
         on conflict (sha256) do update set created_at = excluded.created_at`,
        [sha256, bytes, encoding, content],
      );
      await manager.query('update runs set input_document = $2, input_uploaded = true where id = $1', [run, sha256]);
    });
  }

  /** Removes the uploaded document of a file; does nothing when there is none. */
  remove(batch: number, guid: string, actor: string): Promise<InputChange> {
    const command = { verb: 'take-back-input', actor, request: { batch, guid } } as const;
    return this.change(batch, guid, command, async (manager, run) => {
      await manager.query('update runs set input_document = null, input_uploaded = false where id = $1', [run]);
    });
  }

  private change(
    batch: number,
    guid: string,
    command: OperatorCommand,
    write: (manager: EntityManager, run: string) => Promise<void>,
  ): Promise<InputChange> {
    return refusable(() =>
      this.dataSource.transaction(async (manager) => {
        const [known] = await manager.query<{ state: string }[]>('select state from batches where id = $1', [batch]);
        if (!known) return 'unknown-batch';
        if (known.state !== 'draft') return 'not-draft';
        const [run] = await manager.query<{ id: string }[]>(
          `select r.id from runs r join media_files m on m.id = r.media_file_id
           where r.batch_id = $1 and m.guid = $2 for update of r`,
          [batch, guid],
        );
        if (!run) return 'unknown-file';
        await write(manager, run.id);
        const [, drafts] = await manager.query<[unknown, number]>(
          `update batches set version = version + 1 where id = $1 and state = 'draft'`,
          [batch],
        );
        // The draft was started meanwhile.
        if (drafts === 0) return refuse<InputChange>('not-draft');
        await recordAction(manager, command, {}, [batch]);
        return 'changed';
      }),
    );
  }
}
