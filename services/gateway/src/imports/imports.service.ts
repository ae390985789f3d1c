import { Inject, Injectable } from '@nestjs/common';
import { type ImportLine, type ImportReport, type ImportResult, MAX_PAGE_ROWS } from '#libs/contracts';
import { ImportsRepository, type PageRange } from '#libs/database';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import type { SpooledBody } from '../http/spool/spooled-body.js';
import { ImportedDurations } from './imported-durations.js';
import { emptyList, unknownImport } from './import-problems.js';
import { ImportRun } from './import-run.js';
import { ImportTally, shownLine } from './import-tally.js';
import { readImport } from './read-import.js';

const PROBLEMS_FIRST: readonly ImportResult[] = ['unknown', 'doubtful', 'duplicate', 'added', 'present'];

/** Query options of an import. */
export interface ImportOptions {
  /** Reports the result of each line without storing anything. */
  readonly dryRun: boolean;
  /** Also updates title and metadata of media files that are already registered. */
  readonly update: boolean;
}

/** Imports media files and reads import reports. */
@Injectable()
export class ImportsService {
  constructor(
    private readonly repository: ImportsRepository,
    private readonly durations: ImportedDurations,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Imports the whole body in one transaction; throws ProblemError for a body that names no media file. */
  async import(
    body: SpooledBody,
    contentType: string,
    { dryRun, update }: ImportOptions,
    actor: string,
  ): Promise<ImportReport> {
    const { source, entries, finder } = await readImport(body, contentType, this.config.MEDIA_FOLDERS);
    const tally = new ImportTally();
    if (dryRun) {
      await new ImportRun({ registered: (keys) => this.repository.registered(keys) }, finder, tally, update).take(
        entries,
      );
      return { dryRun, source, ...reportOf(tally), import: null };
    }
    const id = await this.repository.import(source, actor, async (writer) => {
      await new ImportRun(writer, finder, tally, update).take(entries);
      return reportOf(tally).counts;
    });
    await this.durations.follow(id);
    return { dryRun, source, ...reportOf(tally), import: id };
  }

  /** The stored report of an import, with problem lines first. */
  async find(id: number): Promise<ImportReport> {
    const found = await this.repository.find(id);
    if (!found) throw unknownImport(id);
    const lines: ImportLine[] = [];
    for (const result of PROBLEMS_FIRST) {
      const rest = MAX_PAGE_ROWS - lines.length;
      if (rest === 0) break;
      lines.push(...(await this.repository.lines(id, { after: null, limit: rest }, result)).map(shownLine));
    }
    return { dryRun: false, ...found, lines, import: id };
  }

  /** Lines of an import, optionally only those with one result. */
  async lines(id: number, range: PageRange, result?: ImportResult): Promise<(ImportLine & { n: number })[]> {
    const lines = await this.repository.lines(id, range, result);
    if (lines.length === 0 && !(await this.repository.find(id))) throw unknownImport(id);
    return lines;
  }
}

function reportOf(tally: ImportTally): Pick<ImportReport, 'counts' | 'lines'> {
  const report = tally.report();
  if (report.counts.lines > 0) return report;
  throw emptyList();
}
