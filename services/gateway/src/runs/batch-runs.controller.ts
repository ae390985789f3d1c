import { Controller, Get, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { type Page, pageOf, runFilterSchema, type RunRow, runRowSchema } from '#libs/contracts';
import { RunsRepository } from '#libs/database';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { pageOfRows, pageQuerySchema, sliceOf } from '../http/page.js';
import { unknown } from '../http/problem-error.js';

const querySchema = pageQuerySchema.extend(runFilterSchema.shape);

/** The runs of a batch. */
@Controller('api/batches')
export class BatchRunsController {
  constructor(private readonly runs: RunsRepository) {}

  @Get(':id/runs')
  @Answers({
    summary: 'List the runs of a batch, all or those that fit a filter',
    answers: { 200: pageOf(runRowSchema) },
    problems: { 400: ['invalid-request', 'invalid-cursor'], 404: ['unknown-batch'] },
  })
  async list(
    @Param('id', new IdPipe('batch')) id: number,
    @Query({ schema: querySchema }) query: z.output<typeof querySchema>,
  ): Promise<Page<RunRow>> {
    const list = `batches/${id}/runs`;
    const rows = await this.runs.ofBatch(id, sliceOf(list, query), query);
    if (!rows) throw unknown('batch', id);
    return pageOfRows(list, rows, query, ({ row }) => row);
  }
}
