import { Injectable } from '@nestjs/common';
import { ExportsRepository } from '#libs/database';
import { unknown } from '../http/problem-error.js';
import { isDerived } from './derive.js';
import { Deriver } from './deriver.js';
import { noSuchStage, notExported, nothingFor, removed } from './export-problems.js';
import type { RunExportQuery } from './export-queries.js';
import { FileNames } from './file-names.js';
import { contentOf } from './stored-files.js';
import { REMOVED, whyMissing } from './why-missing.js';

/** A file for one client. */
export interface ExportedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Documents of single runs as files. */
@Injectable()
export class RunExportService {
  constructor(
    private readonly exports: ExportsRepository,
    private readonly deriver: Deriver,
  ) {}

  /** A run's document in a format; throws ProblemError when it has none. */
  async of(id: number, { format, stage }: RunExportQuery): Promise<ExportedFile> {
    const found = await this.exports.ofRun(id);
    if (!found) throw unknown('run', id);
    const { run, batch } = found;
    const index = stage ?? batch.apps.length - 1;
    if (index >= batch.apps.length) throw noSuchStage(id, index, batch.apps.length);
    const why = whyMissing(run, index, batch);
    if (why === REMOVED) throw removed(id, index);
    if (why !== null) throw notExported(id, index, why);
    const document = await this.exports.document(run.stages.find((one) => one.index === index)!.document!);
    if (!document) throw removed(id, index);
    const plain = await contentOf(document);
    if (!plain) throw nothingFor(format, 'its stored bytes are damaged');
    const name = new FileNames(batch).of(run)(stage ?? null, format);
    if (!isDerived(format)) return { name, bytes: plain };
    const [file] = await this.deriver.derive(plain, [format]);
    if (!file || 'missing' in file) throw nothingFor(format, file?.missing ?? 'the document cannot be converted');
    return { name, bytes: file.bytes };
  }
}
