import type { ManifestLine } from '#libs/contracts';
import type { ExportBatch, ExportRun } from '#libs/database';
import type { BatchExportQuery } from './export-queries.js';
import { FileNames } from './file-names.js';
import { ManifestSpool } from './manifest.js';
import type { Spool } from './spool.js';
import type { StoredFiles } from './stored-files.js';
import { missingReason } from './missing-reason.js';
import { ZipWriter } from './zip-writer.js';

/** Content of a zip: the batch, a snapshot of its runs (one JSON line each), and the requested formats and stages. */
export interface ZipContent {
  readonly batch: ExportBatch;
  readonly runs: Spool;
  readonly query: BatchExportQuery;
}

/** Writes the documents of a batch as a zip file, with one document in memory at a time. The manifest lists missing documents. */
export async function writeBatchZip(
  { batch, runs, query }: ZipContent,
  files: StoredFiles,
  write: (bytes: Buffer) => Promise<void>,
): Promise<void> {
  const names = new FileNames(batch);
  const zip = await ZipWriter.create(write, batch.at);
  const manifest = await ManifestSpool.create();
  try {
    for await (const line of runs.lines()) {
      const run = JSON.parse(line) as ExportRun;
      for await (const entry of addRun(zip, { run, batch, query, files, nameOf: names.of(run) }))
        await manifest.add(entry);
    }
    await zip.addLarge('manifest.csv', manifest.csv());
    await zip.addLarge('manifest.json', manifest.json(batch, query));
    await zip.finish();
  } finally {
    await manifest.close();
    await zip.close();
  }
}

interface Addition extends Omit<ZipContent, 'runs'> {
  readonly run: ExportRun;
  readonly files: StoredFiles;
  readonly nameOf: ReturnType<FileNames['of']>;
}

async function* addRun(
  zip: ZipWriter,
  { run, batch, query: { formats, stages }, files, nameOf }: Addition,
): AsyncGenerator<ManifestLine> {
  const last = batch.apps.length - 1;
  const { row, guid, state } = run;
  for (const stage of stages === 'all' ? batch.apps.keys() : [last]) {
    const about = { row, guid, run: run.run, state, stage, app: batch.apps[stage]! };
    const missing = missingReason(run, stage, batch);
    const stored =
      missing === null
        ? await files.of(run.stages.find(({ index }) => index === stage)!.document!, formats)
        : formats.map(() => ({ missing }));
    for (const [position, format] of formats.entries()) {
      const found = stored[position]!;
      if ('missing' in found) {
        yield { ...about, format, file: null, bytes: null, sha256: null, missing: found.missing };
        continue;
      }
      const file = nameOf(stages === 'all' ? stage : null, format);
      await zip.add(file, await found.deflated());
      yield { ...about, format, file, bytes: found.bytes, sha256: found.sha256, missing: null };
    }
  }
}
