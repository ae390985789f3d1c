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
  batch: z.coerce.number().int().min(0).max(MAX_INTEGER).optional(),
});

/**
 * The audit log: every command that was carried out, once, with its actor. It is written in the transaction of the
 * change, and also lists the actions on a batch that was deleted.
 */
@Tag('access')
@Controller('api/actions')
export class ActionsController {
  constructor(private readonly actions: ActionsRepository) {}

  @Get()
  @Answers({
    summary: 'List the actions of users, newest first: all, or those on one batch',
    query: { batch: 'Number of a batch, which may be deleted: only its actions.' },
    answers: { 200: pageOf(actionSchema) },
    problems: { 400: ['invalid-cursor'] },
  })
  async list(@Query({ schema: actionListSchema }) query: z.output<typeof actionListSchema>): Promise<Page<ActionView>> {
    const slice = sliceOf(LIST, query, Number.MAX_SAFE_INTEGER);
    return pageOfRows(LIST, await this.actions.list(slice, query.batch), query, ({ id }) => id);
  }
}
