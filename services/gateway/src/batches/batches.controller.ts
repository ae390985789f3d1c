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
import { Actor } from '../access/actor.decorator.js';
import { BODY_LIMITS } from '../http/body-limits.js';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { EXAMPLE_GUIDS, EXAMPLE_PIPELINE } from '../http/openapi/example-values.js';
import { FIRST_ID, ID } from '../http/openapi/links.js';
import { Tag } from '../http/openapi/tags.js';
import { pageOfRows, pageQuerySchema, sliceOf } from '../http/page.js';
import { queryFlag } from '../http/query-flag.js';
import { refuseUnreadBody } from '../http/unread-body.js';
import { BatchReader } from './batch-reader.js';
import { BatchesService } from './batches.service.js';

const LIST = 'batches';
const batchId = new IdPipe('batch');

const batchListSchema = pageQuerySchema.extend({
  state: z.enum(BATCH_STATES).optional(),
  query: z.string().trim().min(1).max(200).optional(),
  archived: queryFlag('`true` lists the archived batches, `false` the others.'),
});

@Tag('batches')
@Controller('api/batches')
export class BatchesController {
  constructor(
    private readonly service: BatchesService,
    private readonly reader: BatchReader,
  ) {}

  @Post()
  @Answers({
    summary: 'Create a batch',
    description:
      'Creates a draft. `input` chooses the document that each file starts from; a file without that document is ' +
      "refused at the start, unless `missing` is 'source'. Results of earlier runs are reused: their stages are skipped " +
      'and refer to the earlier run. Send `reuse: false` to run every stage again.',
    limit: BODY_LIMITS.guids,
    examples: {
      files: { name: 'Evening news', pipeline: EXAMPLE_PIPELINE, files: EXAMPLE_GUIDS },
      collection: { name: 'Evening news', pipeline: EXAMPLE_PIPELINE, collection: 1, trial: 10 },
      failures: {
        name: 'Evening news, second attempt',
        pipeline: EXAMPLE_PIPELINE,
        from: { batch: 1, runs: 'failed' },
      },
      continued: {
        name: 'Names in the evening news',
        pipeline: 'names',
        from: { batch: 1, runs: 'done' },
        input: { kind: 'stage', batch: 1, stage: 1 },
      },
    },
    links: [{ to: '/api/batches/{id}', parameters: ID }],
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
    query: { state: 'Only batches in this state.', query: 'Part of the name; case does not matter.' },
    links: [{ to: '/api/batches/{id}', parameters: FIRST_ID }],
    answers: { 200: pageOf(batchSchema) },
    problems: { 400: ['invalid-cursor'] },
  })
  async list(@Query({ schema: batchListSchema }) query: z.output<typeof batchListSchema>): Promise<Page<BatchView>> {
    return pageOfRows(LIST, await this.reader.list(sliceOf(LIST, query), query), query, ({ id }) => id);
  }

  @Get(':id')
  @Answers({ summary: 'Show a batch', answers: { 200: batchSchema }, problems: { 404: ['unknown-batch'] } })
  find(@Param('id', batchId) id: number): Promise<BatchView> {
    return this.reader.findWithEta(id);
  }

  @Post(':id/start')
  @Answers({
    summary: 'Start a batch, a trial of it, or the rest after a trial',
    description:
      '`trial: 10` runs the first ten files. The next start runs the rest after these have ended; an earlier one changes ' +
      'nothing. `trial: 0` runs all files now. The response of the first start warns about apps that no worker serves.',
    examples: { all: {}, trial: { trial: 10 }, rest: { trial: 0 } },
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
