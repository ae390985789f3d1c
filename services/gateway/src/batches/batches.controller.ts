import type { ServerResponse } from 'node:http';
import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { z } from 'zod';
import { batchSchema, type BatchView, newBatchSchema, type Page, pageOf } from '#libs/contracts';
import { BatchListRepository } from '#libs/database';
import { Actor } from '../access/actor.decorator.js';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { pageOfRows, type PageQuery, pageQuerySchema, sliceOf } from '../http/page.js';
import { BatchesService } from './batches.service.js';

const LIST = 'batches';
const batchId = new IdPipe('batch');

@Controller('api/batches')
export class BatchesController {
  constructor(
    private readonly service: BatchesService,
    private readonly batches: BatchListRepository,
  ) {}

  @Post()
  @Answers({
    summary: 'Make a draft of a batch',
    answers: { 201: batchSchema },
    problems: { 422: ['unknown-pipeline', 'unknown-files', 'duplicate-files', 'unreadable-files'] },
  })
  create(
    @Body({ schema: newBatchSchema }) body: z.output<typeof newBatchSchema>,
    @Actor() actor: string,
  ): Promise<BatchView> {
    return this.service.create(body, actor);
  }

  @Get()
  @Answers({ summary: 'List batches', answers: { 200: pageOf(batchSchema) }, problems: { 400: ['invalid-cursor'] } })
  async list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<BatchView>> {
    return pageOfRows(LIST, await this.batches.list(sliceOf(LIST, query)), query, ({ id }) => id);
  }

  @Get(':id')
  @Answers({ summary: 'Read a batch', answers: { 200: batchSchema } })
  find(@Param('id', batchId) id: number): Promise<BatchView> {
    return this.service.find(id);
  }

  @Post(':id/start')
  @Answers({ summary: 'Start a batch', answers: { 200: batchSchema, 202: batchSchema } })
  async start(
    @Param('id', batchId) id: number,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<BatchView> {
    const { started, batch } = await this.service.start(id);
    response.statusCode = started ? 202 : 200;
    return batch;
  }
}
