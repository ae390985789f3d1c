import type { ServerResponse } from 'node:http';
import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { z } from 'zod';
import { newPipelineSchema, type Page, type PipelineView } from '#libs/contracts';
import { PipelinesRepository } from '#libs/database';
import { IdPipe } from '../http/id.pipe.js';
import { pageOfRows, type PageQuery, pageQuerySchema, sliceOf } from '../http/page.js';
import { unknown } from '../http/problem-error.js';
import { PipelinesService } from './pipelines.service.js';

const LIST = 'pipelines';

@Controller('api/pipelines')
export class PipelinesController {
  constructor(
    private readonly service: PipelinesService,
    private readonly repository: PipelinesRepository,
  ) {}

  @Post()
  async save(
    @Body({ schema: newPipelineSchema }) body: z.output<typeof newPipelineSchema>,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<PipelineView> {
    const { created, pipeline } = await this.service.save(body);
    response.statusCode = created ? 201 : 200;
    return pipeline;
  }

  @Get()
  async list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<PipelineView>> {
    return pageOfRows(LIST, await this.repository.list(sliceOf(LIST, query)), query, ({ id }) => id);
  }

  @Get(':id')
  async find(@Param('id', new IdPipe('pipeline')) id: number): Promise<PipelineView> {
    const pipeline = await this.repository.find(id);
    if (!pipeline) throw unknown('pipeline', id);
    return pipeline;
  }
}
