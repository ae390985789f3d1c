import { Injectable } from '@nestjs/common';
import { ExportsRepository } from '#libs/database';
import { unknown } from '../http/problem-error.js';
import { derivedFormat } from './derive.js';
import { BUSY, Deriver } from './deriver.js';
import { busy, noDocument, nothingFor, removed, unknownStage } from './export-problems.js';
import type { RunExportQuery } from './export-queries.js';
import { FileNames } from './file-names.js';
import { missingReason, REMOVED } from './missing-reason.js';
import { contentOf } from './stored-files.js';

/** A file to download. */
export interface ExportedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Exports documents of single runs. */
@Injectable()
export class RunExportService {
  constructor(
    private readonly exports: ExportsRepository,
    private readonly deriver: Deriver,
  ) {}

  /** The document of a run in a format; throws ProblemError when there is none. */
  async of(id: number, { format, stage }: RunExportQuery): Promise<ExportedFile> {
    const derived = derivedFormat(format);
    const found = await this.exports.ofRun(id);
    if (!found) throw unknown('run', id);
    const { run, batch } = found;
    const index = stage ?? batch.apps.length - 1;
    if (index >= batch.apps.length) throw unknownStage(id, index, batch.apps.length);
    const reason = missingReason(run, index, batch);
    if (reason === REMOVED) throw removed(id, index);
    if (reason !== null) throw noDocument(id, index, reason);
    const document = await this.exports.document(run.stages.find((one) => one.index === index)!.document!);
    if (!document) throw removed(id, index);
    const plain = await contentOf(document);
    if (!plain) throw nothingFor(format, 'its stored bytes are damaged');
    const name = new FileNames(batch).of(run)(stage ?? null, format);
    if (derived === null) return { name, bytes: plain };
    const [file] = await this.deriver.derive(plain, [derived]);
    if (!file) throw nothingFor(format, 'the document cannot be converted');
    if ('missing' in file) throw file.missing === BUSY ? busy() : nothingFor(format, file.missing);
    return { name, bytes: file.bytes };
  }
}
