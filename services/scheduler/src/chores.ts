import { IMPORT_REPORT_DAYS } from '#libs/contracts';
import type { BatchPacesRepository, CommandKeysRepository, ImportsRepository } from '#libs/database';
import type { DocumentKeeper } from './retention/document-keeper.js';

/** Within this time, a command that is sent again with its key is not done again. */
const KEEP_KEYS_DAYS = 7;
/** In one go: deleting holds nobody up. */
const KEYS_AT_ONCE = 10_000;
const LINES_AT_ONCE = 10_000;

/** What is done now and then: some things are noted, and what is old is thrown away. */
export class Chores {
  constructor(
    private readonly keys: CommandKeysRepository,
    private readonly documents: DocumentKeeper,
    private readonly paces: BatchPacesRepository,
    private readonly imports: Pick<ImportsRepository, 'forget'>,
  ) {}

  /** Notes how far running batches are. */
  notePaces(): Promise<void> {
    return this.paces.sample();
  }

  async forgetKeys(): Promise<void> {
    const forget = { days: KEEP_KEYS_DAYS, limit: KEYS_AT_ONCE };
    while ((await this.keys.forget(forget)) === KEYS_AT_ONCE);
  }

  async forgetImports(): Promise<void> {
    while (await this.imports.forget({ days: IMPORT_REPORT_DAYS, lines: LINES_AT_ONCE }));
  }

  /** Removes some of the documents that are not to be kept. */
  keepDocuments(): Promise<void> {
    return this.documents.tick(Date.now());
  }
}
