import type { ServerResponse } from 'node:http';
import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { z } from 'zod';
import {
  clonePipelineSchema,
  newPipelineSchema,
  type Page,
  pageOf,
  pipelineChangesSchema,
  pipelineCheckSchema,
  type PipelineCheckView,
  pipelineSchema,
  type PipelineView,
} from '#libs/contracts';
import { Actor } from '../access/actor.decorator.js';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { EXAMPLE_PIPELINE } from '../http/openapi/example-values.js';
import { FIRST_ID, ID } from '../http/openapi/links.js';
import { Tag } from '../http/openapi/tags.js';
import { pageOfRows, pageQuerySchema, sliceOf } from '../http/page.js';
import { PipelinesService } from './pipelines.service.js';

const LIST = 'pipelines';
const pipelineId = new IdPipe('pipeline');

const listQuerySchema = pageQuerySchema.extend({
  query: z.string().trim().max(200).optional(),
  archived: z.enum(['true', 'false', 'all']).default('false'),
});

const EXAMPLE_STAGES = [
  { app: 'swt-detection_v7', parameters: { sampleRate: 1000 } },
  { app: 'whisper-wrapper_v10', parameters: { model: 'medium' } },
];

/** Reasons for which a pipeline is not saved. */
const REFUSALS = {
  409: ['app-not-ready', 'app-disabled', 'pipeline-archived'],
  422: ['unknown-app', 'incompatible-order', 'invalid-parameters', 'pipeline-too-large'],
} as const;

@Tag('pipelines')
@Controller('api/pipelines')
export class PipelinesController {
  constructor(private readonly service: PipelinesService) {}

  @Post()
  @Answers({
    summary: 'Save a pipeline; if its stages changed, a new version is created',
    examples: {
      plain: { name: 'Only speech', stages: [{ app: 'whisper-wrapper_v10' }] },
      stages: { name: EXAMPLE_PIPELINE, description: 'Finds speech and transcribes it.', stages: EXAMPLE_STAGES },
    },
    links: [{ to: '/api/pipelines/{id}', parameters: ID }],
    answers: { 200: pipelineSchema, 201: pipelineSchema },
    problems: REFUSALS,
  })
  async save(
    @Body({ schema: newPipelineSchema }) body: z.output<typeof newPipelineSchema>,
    @Actor() actor: string,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<PipelineView> {
    const { created, pipeline } = await this.service.save(body, actor);
    response.statusCode = created ? 201 : 200;
    return pipeline;
  }

  @Post('check')
  @HttpCode(200)
  @Answers({
    summary: 'Check a pipeline without saving it',
    description: 'Lists every reason for which saving would be refused, each with its place in the body.',
    examples: { stages: { name: EXAMPLE_PIPELINE, stages: EXAMPLE_STAGES } },
    answers: { 200: pipelineCheckSchema },
  })
  check(@Body({ schema: newPipelineSchema }) body: z.output<typeof newPipelineSchema>): Promise<PipelineCheckView> {
    return this.service.check(body);
  }

  @Get()
  @Answers({
    summary: 'List the newest version of each pipeline',
    query: {
      query: 'Part of the name or description; case does not matter.',
      archived: '`true` lists the archived pipelines, `false` the others, `all` both.',
    },
    links: [{ to: '/api/pipelines/{id}', parameters: FIRST_ID }],
    answers: { 200: pageOf(pipelineSchema) },
  })
  async list(@Query({ schema: listQuerySchema }) query: z.output<typeof listQuerySchema>): Promise<Page<PipelineView>> {
    const archived = query.archived === 'all' ? null : query.archived === 'true';
    const rows = await this.service.list(sliceOf(LIST, query), { query: query.query ?? null, archived });
    return pageOfRows(LIST, rows, query, ({ id }) => id);
  }

  @Get(':id')
  @Answers({
    summary: 'Show the newest version of a pipeline',
    answers: { 200: pipelineSchema },
    problems: { 404: ['unknown-pipeline'] },
  })
  find(@Param('id', pipelineId) id: number): Promise<PipelineView> {
    return this.service.find(id);
  }

  @Patch(':id')
  @Answers({
    summary: 'Rename, describe or archive a pipeline',
    description:
      'An archived pipeline keeps its name and accepts no new versions or batches; its existing batches ' + 'continue.',
    examples: { describe: { description: 'For radio.' }, archive: { archived: true } },
    answers: { 200: pipelineSchema },
    problems: { 404: ['unknown-pipeline'], 409: ['pipeline-name-taken'] },
  })
  change(
    @Param('id', pipelineId) id: number,
    @Body({ schema: pipelineChangesSchema }) body: z.output<typeof pipelineChangesSchema>,
    @Actor() actor: string,
  ): Promise<PipelineView> {
    return this.service.change(id, body, actor);
  }

  @Post(':id/clone')
  @Answers({
    summary: 'Save the stages of a version as another pipeline',
    examples: { newest: { name: 'speech to text, slower' } },
    links: [{ to: '/api/pipelines/{id}', parameters: ID }],
    answers: { 201: pipelineSchema },
    problems: {
      404: ['unknown-pipeline', 'unknown-pipeline-version'],
      409: ['pipeline-name-taken', 'app-not-ready', 'app-disabled'],
      422: REFUSALS[422],
    },
  })
  clone(
    @Param('id', pipelineId) id: number,
    @Body({ schema: clonePipelineSchema }) body: z.output<typeof clonePipelineSchema>,
    @Actor() actor: string,
  ): Promise<PipelineView> {
    return this.service.clone(id, body, actor);
  }
}
