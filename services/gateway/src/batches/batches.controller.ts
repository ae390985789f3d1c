import type { IncomingMessage, ServerResponse } from 'node:http';
import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import {
  BATCH_STATES,
  batchSchema,
  type BatchView,
  newBatchSchema,
  type Page,
  pageOf,
  startBatchSchema,
} from '#libs/contracts';
import { BatchListRepository } from '#libs/database';
import { Actor } from '../access/actor.decorator.js';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { pageOfRows, pageQuerySchema, sliceOf } from '../http/page.js';
import { refuseUnreadBody } from '../http/unread-body.js';
import { BatchesService } from './batches.service.js';

const LIST = 'batches';
const batchId = new IdPipe('batch');

const batchListSchema = pageQuerySchema.extend({
  state: z.enum(BATCH_STATES).optional(),
  /** Part of the name, in any case. */
  query: z.string().trim().min(1).max(200).optional(),
  /** Shows the archived ones instead of the others. */
  archived: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
});

@Controller('api/batches')
export class BatchesController {
  constructor(
    private readonly service: BatchesService,
    private readonly batches: BatchListRepository,
  ) {}

  @Post()
  @Answers({
    summary: 'Create a batch',
    answers: { 201: batchSchema },
    problems: {
      409: ['pipeline-archived'],
      422: [
        'unknown-pipeline',
        'unknown-version',
        'unknown-files',
        'duplicate-files',
        'unreadable-files',
        'unknown-batch',
        'unknown-collection',
        'unknown-input',
        'empty-batch',
      ],
    },
  })
  create(
    @Body({ schema: newBatchSchema }) body: z.output<typeof newBatchSchema>,
    @Actor() actor: string,
  ): Promise<BatchView> {
    return this.service.create(body, actor);
  }

  @Get()
  @Answers({
    summary: 'List batches, newest first',
    answers: { 200: pageOf(batchSchema) },
    problems: { 400: ['invalid-cursor'] },
  })
  async list(@Query({ schema: batchListSchema }) query: z.output<typeof batchListSchema>): Promise<Page<BatchView>> {
    return pageOfRows(LIST, await this.batches.list(sliceOf(LIST, query), query), query, ({ id }) => id);
  }

  @Get(':id')
  @Answers({ summary: 'Show a batch', answers: { 200: batchSchema }, problems: { 404: ['unknown-batch'] } })
  find(@Param('id', batchId) id: number): Promise<BatchView> {
    return this.service.look(id);
  }

  @Post(':id/start')
  @Answers({
    summary: 'Start a batch, a trial of it, or what the trial has left',
    answers: { 202: batchSchema, 200: batchSchema },
    problems: { 404: ['unknown-batch'], 409: ['archived-batch'], 422: ['missing-inputs'] },
  })
  async start(
    @Param('id', batchId) id: number,
    @Body({ schema: startBatchSchema }) { trial = null }: Nullable<z.output<typeof startBatchSchema>>,
    @Actor() actor: string,
    @Req() request: IncomingMessage,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<BatchView> {
    refuseUnreadBody(request);
    const { started, batch } = await this.service.start(id, actor, trial);
    response.statusCode = started ? 202 : 200;
    return batch;
  }
}

type Nullable<Body> = { readonly [Key in keyof Body]?: Body[Key] | null };
