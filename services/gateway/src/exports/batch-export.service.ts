import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { type ExportBatch, ExportsRepository } from '#libs/database';
import { unknown } from '../http/problem-error.js';
import { answerWriter, ClientDisconnected } from './answer-writer.js';
import { writeBatchZip, type ZipContent } from './batch-zip.js';
import { busy, emptyBatch } from './export-problems.js';
import type { BatchExportQuery } from './export-queries.js';
import { origin } from './file-names.js';
import { Spool } from './spool.js';
import { StoredFiles } from './stored-files.js';

/** Each export holds one document in memory and shares the converting thread. */
const MAX_CONCURRENT = 4;

/** Sends batches as zip files. */
@Injectable()
export class BatchExportService {
  private active = 0;

  constructor(
    private readonly exports: ExportsRepository,
    private readonly files: StoredFiles,
  ) {}

  /** Sends the zip of a batch. Throws ProblemError before the first byte; a later error truncates the answer. */
  async send(id: number, query: BatchExportQuery, response: ServerResponse, withBody: boolean): Promise<void> {
    if (this.active >= MAX_CONCURRENT) throw busy();
    this.active += 1;
    try {
      await this.answer(id, query, response, withBody);
    } finally {
      this.active -= 1;
    }
  }

  private async answer(
    id: number,
    query: BatchExportQuery,
    response: ServerResponse,
    withBody: boolean,
  ): Promise<void> {
    const runs = await Spool.create();
    try {
      const batch = await this.collect(id, query, runs);
      response.writeHead(200, {
        'content-type': 'application/zip',
        'content-disposition': `attachment; filename="${origin(batch)}.zip"`,
        'cache-control': 'private, no-store',
      });
      if (withBody) await this.write({ batch, runs, query }, response);
      else response.end();
    } finally {
      await runs.close();
    }
  }

  private async write(content: ZipContent, response: ServerResponse): Promise<void> {
    try {
      await writeBatchZip(content, this.files, answerWriter(response));
      response.end();
    } catch (error) {
      if (!(error instanceof ClientDisconnected)) throw error;
    }
  }

  private async collect(id: number, { stages }: BatchExportQuery, spool: Spool): Promise<ExportBatch> {
    let hasDocument = false;
    const batch = await this.exports.ofBatch(id, async (slice, { apps }) => {
      const first = stages === 'all' ? 0 : apps.length - 1;
      for (const run of slice) {
        hasDocument ||= run.stages.some(({ index, document }) => document !== null && index >= first);
        await spool.add(Buffer.from(`${JSON.stringify(run)}\n`));
      }
    });
    if (!batch) throw unknown('batch', id);
    if (!hasDocument) throw emptyBatch(id);
    return batch;
  }
}
