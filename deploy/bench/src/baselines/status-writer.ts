import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { StageEvent } from '#libs/contracts';
import { archiveDocuments } from './document-rows.js';
import { latestOf, writeStatus } from './status-rows.js';

const GATHER_MS = 15;
/** With so many events, the next statement does not wait for more. */
const CROWD = 500;

interface Waiting {
  readonly event: StageEvent;
  readonly document?: Uint8Array;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Writes events of stages in batches over one connection, with the documents of those that have one. */
export class StatusWriter {
  private readonly waiting: Waiting[] = [];
  private isWriting = false;

  constructor(private readonly client: pg.Client) {}

  /** Resolves when the row, and the document if given, is committed. */
  write(event: StageEvent, document?: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ event, resolve, reject, ...(document && { document }) });
      if (!this.isWriting) void this.writeAll();
    });
  }

  private async writeAll(): Promise<void> {
    this.isWriting = true;
    while (this.waiting.length > 0) {
      if (this.waiting.length < CROWD) await delay(GATHER_MS);
      const batch = this.waiting.splice(0);
      await this.commit(latestOf(batch)).then(
        () => batch.forEach(({ resolve }) => resolve()),
        (error: unknown) => batch.forEach(({ reject }) => reject(error)),
      );
    }
    this.isWriting = false;
  }

  private async commit(batch: readonly Waiting[]): Promise<void> {
    const events = batch.map(({ event }) => event);
    const outputs = batch.flatMap(({ event, document }) => (document ? [{ event, document }] : []));
    if (outputs.length === 0) return writeStatus(this.client, events);
    await this.client.query('begin');
    try {
      await archiveDocuments(this.client, outputs);
      await writeStatus(this.client, events);
      await this.client.query('commit');
    } catch (error) {
      await this.client.query('rollback');
      throw error;
    }
  }
}
