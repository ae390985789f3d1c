import { Controller, Get, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { type Page, pageOf, runFilterSchema, type RunRow, runRowSchema } from '#libs/contracts';
import { RunsRepository } from '#libs/database';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { FIRST_ID } from '../http/openapi/links.js';
import { Tag } from '../http/openapi/tags.js';
import { pageOfRows, pageQuerySchema, sliceOf } from '../http/page.js';
import { unknown } from '../http/problem-error.js';

const querySchema = pageQuerySchema.extend(runFilterSchema.shape);

/** Runs of a batch. Filters combine freely; a combination that matches no run returns an empty page. */
@Tag('runs')
@Controller('api/batches')
export class BatchRunsController {
  constructor(private readonly runs: RunsRepository) {}

  @Get(':id/runs')
  @Answers({
    summary: 'List the runs of a batch, all or filtered',
    query: {
      state:
        'State of the run; a state that only stages have refers to its current stage. With `stage`: the state of that stage.',
      stage:
        'Index of the stage, from 0, that `state`, `mark` and `fingerprint` refer to. Alone: only runs whose current stage it is.',
      mark: 'Only runs with this mark.',
      fingerprint: 'Only runs in the error group with this fingerprint.',
      query: 'Part of the GUID, in any spelling, or of the title.',
    },
    links: [{ to: '/api/runs/{id}', parameters: { ...FIRST_ID, index: '0' } }],
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
