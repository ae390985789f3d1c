import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import {
  type Page,
  pageOf,
  type PipelineDefinition,
  pipelineDefinitionSchema,
  pipelineDiffSchema,
  type PipelineDiffView,
  pipelineVersionSchema,
  type PipelineVersionView,
  queryInteger,
} from '#libs/contracts';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { pageOfRows, type PageQuery, pageQuerySchema, sliceOf } from '../http/page.js';
import { PipelinesService } from './pipelines.service.js';

const pipelineId = new IdPipe('pipeline');
const versionNumber = new IdPipe('pipeline version');
const version = queryInteger(1, 2 ** 31 - 1);

const diffQuerySchema = z.strictObject({
  from: version.optional(),
  to: version.optional(),
});

/** The immutable versions of a pipeline. */
@Tag('pipelines')
@Controller('api/pipelines/:id')
export class PipelineVersionsController {
  constructor(private readonly service: PipelinesService) {}

  @Get('versions')
  @Answers({
    summary: 'List the versions of a pipeline, newest first',
    links: [
      {
        to: '/api/pipelines/{id}/versions/{version}',
        parameters: { id: '$request.path.id', version: '$response.body#/items/0/version' },
      },
    ],
    answers: { 200: pageOf(pipelineVersionSchema) },
    problems: { 404: ['unknown-pipeline'] },
  })
  async list(
    @Param('id', pipelineId) id: number,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<PipelineVersionView>> {
    const list = `versions of pipeline ${id}`;
    return pageOfRows(list, await this.service.versions(id, sliceOf(list, query)), query, (row) => row.version);
  }

  @Get('versions/:version')
  @Answers({
    summary: 'Show a version in the form in which it can be saved again',
    answers: { 200: pipelineDefinitionSchema },
    problems: { 404: ['unknown-pipeline', 'unknown-pipeline-version'] },
  })
  find(
    @Param('id', pipelineId) id: number,
    @Param('version', versionNumber) number: number,
  ): Promise<PipelineDefinition> {
    return this.service.definition(id, number);
  }

  @Get('diff')
  @Answers({
    summary: 'Compare two versions of a pipeline',
    query: {
      from: 'Number of the older version. Default: the version before `to`.',
      to: 'Number of the newer version. Default: the newest.',
    },
    answers: { 200: pipelineDiffSchema },
    problems: { 404: ['unknown-pipeline', 'unknown-pipeline-version'] },
  })
  diff(
    @Param('id', pipelineId) id: number,
    @Query({ schema: diffQuerySchema }) query: z.output<typeof diffQuerySchema>,
  ): Promise<PipelineDiffView> {
    return this.service.diff(id, query);
  }
}
