import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { actionSchema, type ActionView, type Page, pageOf } from '#libs/contracts';
import { ActionsRepository } from '#libs/database';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { pageOfRows, pageQuerySchema, sliceOf } from '../http/page.js';

const LIST = 'actions';
/** Largest value of a Postgres integer. */
const MAX_INTEGER = 2 ** 31 - 1;

const actionListSchema = pageQuerySchema.extend({
  /** Number of a batch, also of one that is deleted. */
  batch: z.coerce.number().int().min(0).max(MAX_INTEGER).optional(),
});

/** Who did what. */
@Tag('access')
@Controller('api/actions')
export class ActionsController {
  constructor(private readonly actions: ActionsRepository) {}

  @Get()
  @Answers({
    summary: 'List what people have done, newest first: all of it, or what has changed a batch',
    query: { batch: 'Number of a batch, which may be deleted: only its actions.' },
    answers: { 200: pageOf(actionSchema) },
    problems: { 400: ['invalid-cursor'] },
  })
  async list(@Query({ schema: actionListSchema }) query: z.output<typeof actionListSchema>): Promise<Page<ActionView>> {
    const slice = sliceOf(LIST, query, Number.MAX_SAFE_INTEGER);
    return pageOfRows(LIST, await this.actions.list(slice, query.batch), query, ({ id }) => id);
  }
}
