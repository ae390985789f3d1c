import { Injectable } from '@nestjs/common';
import { IMPORT_REPORT_DAYS } from '#libs/contracts';
import { BatchPacesRepository, CommandKeysRepository, ImportsRepository } from '#libs/database';
import { monotonicNow } from '#libs/runtime';
import { DocumentKeeper } from './retention/document-keeper.js';

/** A command with a known key is not executed again within this time. */
const KEEP_KEYS_DAYS = 7;
/** Rows per statement: short statements do not block others. */
const KEYS_PER_STATEMENT = 10_000;
const LINES_PER_STATEMENT = 10_000;

/** Periodic work of the leader on old data: samples of progress, and deletions. */
@Injectable()
export class Housekeeping {
  constructor(
    private readonly keys: CommandKeysRepository,
    private readonly documents: DocumentKeeper,
    private readonly paces: BatchPacesRepository,
    private readonly imports: ImportsRepository,
  ) {}

  /** Stores how far running batches are, for estimates. */
  samplePaces(): Promise<void> {
    return this.paces.sample();
  }

  async deleteOldKeys(): Promise<void> {
    const old = { days: KEEP_KEYS_DAYS, limit: KEYS_PER_STATEMENT };
    while ((await this.keys.forget(old)) === KEYS_PER_STATEMENT);
  }

  async deleteOldImports(): Promise<void> {
    while (await this.imports.forget({ days: IMPORT_REPORT_DAYS, lines: LINES_PER_STATEMENT }));
  }

  /** Removes some of the documents that the retention rules no longer keep. */
  removeDocuments(): Promise<void> {
    return this.documents.tick(Date.now(), monotonicNow());
  }
}
