import type { ManifestLine } from '#libs/contracts';
import type { ExportBatch } from '#libs/database';
import { CSV_START, csvLine } from '#libs/mmif';
import type { BatchExportQuery } from './export-queries.js';
import { Spool } from './spool.js';

const COLUMNS = [
  'row',
  'guid',
  'run',
  'state',
  'stage',
  'app',
  'format',
  'file',
  'bytes',
  'sha256',
  'missing',
] as const;

/** Collects the manifest lines of a zip on disk, for its last two entries. */
export class ManifestSpool {
  #files = 0;
  #missing = 0;

  private constructor(private readonly spool: Spool) {}

  static async create(): Promise<ManifestSpool> {
    return new ManifestSpool(await Spool.create());
  }

  async add(line: ManifestLine): Promise<void> {
    if (line.missing === null) this.#files += 1;
    else this.#missing += 1;
    await this.spool.add(Buffer.from(`${JSON.stringify(line)}\n`));
  }

  async *csv(): AsyncGenerator<Buffer> {
    yield Buffer.from(CSV_START + csvLine(COLUMNS));
    for await (const text of this.spool.lines()) {
      const line = JSON.parse(text) as ManifestLine;
      yield Buffer.from(csvLine(COLUMNS.map((column) => line[column])));
    }
  }

  async *json(batch: ExportBatch, { formats, stages }: BatchExportQuery): AsyncGenerator<Buffer> {
    const { id, name, pipeline, at } = batch;
    const head = JSON.stringify({ batch: { id, name }, pipeline, at: at.toISOString(), formats, stages });
    yield Buffer.from(`${head.slice(0, -1)},"files":[`);
    let separator = '\n';
    for await (const line of this.spool.lines()) {
      yield Buffer.from(separator + line);
      separator = ',\n';
    }
    yield Buffer.from(`\n],"counts":${JSON.stringify({ files: this.#files, missing: this.#missing })}}\n`);
  }

  async close(): Promise<void> {
    await this.spool.close();
  }
}
