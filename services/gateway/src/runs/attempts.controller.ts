import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { attemptSchema, type AttemptView, type Page, pageOf, queryInteger } from '#libs/contracts';
import { AttemptsRepository } from '#libs/database';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { pageOfRows, pageQuerySchema, sliceOf } from '../http/page.js';
import { unknown } from '../http/problem-error.js';
import { documentAddress } from './document-address.js';

const querySchema = pageQuerySchema.extend({
  stage: queryInteger(0, 31).optional(),
});

/** Attempts of the stages of a run, also those that were replaced. */
@Tag('runs')
@Controller('api/runs')
export class AttemptsController {
  constructor(private readonly attempts: AttemptsRepository) {}

  @Get(':id/attempts')
  @Answers({
    summary: 'List all attempts of the stages of a run, oldest first',
    query: { stage: 'Only attempts of this stage, from 0.' },
    answers: { 200: pageOf(attemptSchema) },
    problems: { 400: ['invalid-request', 'invalid-cursor'], 404: ['unknown-run'] },
  })
  async list(
    @Param('id', new IdPipe('run', Number.MAX_SAFE_INTEGER)) id: number,
    @Query({ schema: querySchema }) query: z.output<typeof querySchema>,
  ): Promise<Page<AttemptView>> {
    const { stage = null } = query;
    const list = `runs/${id}/attempts/${stage ?? 'all'}`;
    const slice = sliceOf(list, query);
    const attempts = await this.attempts.ofRun(id, { ...slice, stage }, documentAddress);
    if (!attempts) throw unknown('run', id);
    return pageOfRows(list, attempts, query, () => (slice.after ?? 0) + query.limit);
  }
}
