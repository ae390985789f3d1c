import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { type ExportBatch, ExportsRepository } from '#libs/database';
import { unknown } from '../http/problem-error.js';
import { answerWriter, ClientGone } from './answer-writer.js';
import { writeBatchZip, type ZipOrder } from './batch-zip.js';
import { busy, emptyBatch } from './export-problems.js';
import type { BatchExportQuery } from './export-queries.js';
import { origin } from './file-names.js';
import { Spool } from './spool.js';
import { StoredFiles } from './stored-files.js';

/** Each takes a document's memory and a part of the converting thread. */
const MOST_AT_ONCE = 4;

/** Batches as zip files. */
@Injectable()
export class BatchExportService {
  private underWay = 0;

  constructor(
    private readonly exports: ExportsRepository,
    private readonly files: StoredFiles,
  ) {}

  /** Answers with a batch's zip; throws ProblemError before the first byte, and cuts the answer off after it. */
  async send(id: number, query: BatchExportQuery, response: ServerResponse, withBody: boolean): Promise<void> {
    if (this.underWay >= MOST_AT_ONCE) throw busy();
    this.underWay += 1;
    try {
      await this.answer(id, query, response, withBody);
    } finally {
      this.underWay -= 1;
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

  private async write(order: ZipOrder, response: ServerResponse): Promise<void> {
    try {
      await writeBatchZip(order, this.files, answerWriter(response));
      response.end();
    } catch (error) {
      if (!(error instanceof ClientGone)) throw error;
    }
  }

  private async collect(id: number, { stages }: BatchExportQuery, spool: Spool): Promise<ExportBatch> {
    let hasDocument = false;
    const batch = await this.exports.ofBatch(id, async (portion, { apps }) => {
      const first = stages === 'all' ? 0 : apps.length - 1;
      for (const run of portion) {
        hasDocument ||= run.stages.some(({ index, document }) => document !== null && index >= first);
        await spool.add(Buffer.from(`${JSON.stringify(run)}\n`));
      }
    });
    if (!batch) throw unknown('batch', id);
    if (!hasDocument) throw emptyBatch(id);
    return batch;
  }
}
