import type { IncomingMessage } from 'node:http';
import { Body, Controller, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import type { z } from 'zod';
import {
  batchSchema,
  type BatchView,
  combineBatchesSchema,
  duplicateBatchSchema,
  editBatchFilesSchema,
  editBatchSchema,
  type EditedBatchFiles,
  editedBatchFilesSchema,
} from '#libs/contracts';
import { Actor } from '../access/actor.decorator.js';
import { BODY_LIMITS } from '../http/body-limits.js';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { ID } from '../http/openapi/links.js';
import { Tag } from '../http/openapi/tags.js';
import { refuseUnreadBody } from '../http/unread-body.js';
import { BatchEditingService } from './batch-editing.service.js';

const batchId = new IdPipe('batch');

/** Changes to batches, and drafts made from other batches. */
@Tag('batches')
@Controller('api/batches')
export class BatchEditingController {
  constructor(private readonly service: BatchEditingService) {}

  @Post('combine')
  @Answers({
    summary: 'Combine several batches into one draft',
    links: [{ to: '/api/batches/{id}', parameters: ID }],
    answers: { 201: batchSchema },
    problems: {
      409: ['pipeline-archived'],
      422: [
        'unknown-batch',
        'different-pipelines',
        'unknown-pipeline',
        'unknown-version',
        'different-inputs',
        'unknown-input',
      ],
    },
  })
  combine(
    @Body({ schema: combineBatchesSchema }) body: z.output<typeof combineBatchesSchema>,
    @Actor() actor: string,
  ): Promise<BatchView> {
    return this.service.combine(body, actor);
  }

  @Patch(':id')
  @Answers({
    summary: 'Rename, weight or archive a batch, or choose the input of a draft',
    examples: {
      weight: { weight: 200 },
      rename: { name: 'Evening news of May' },
      archive: { archived: true },
    },
    answers: { 200: batchSchema },
    problems: {
      404: ['unknown-batch'],
      409: ['running-batch', 'not-draft'],
      422: ['unknown-input', 'unreadable-files'],
    },
  })
  edit(
    @Param('id', batchId) id: number,
    @Body({ schema: editBatchSchema }) body: z.output<typeof editBatchSchema>,
    @Actor() actor: string,
  ): Promise<BatchView> {
    return this.service.edit(id, body, actor);
  }

  @Post(':id/files')
  @HttpCode(200)
  @Answers({
    summary: 'Add files to a draft, or remove files from it',
    limit: BODY_LIMITS.guids,
    answers: { 200: editedBatchFilesSchema },
    problems: {
      404: ['unknown-batch'],
      409: ['not-draft'],
      422: ['unknown-files', 'duplicate-files', 'unreadable-files', 'empty-batch'],
    },
  })
  editFiles(
    @Param('id', batchId) id: number,
    @Body({ schema: editBatchFilesSchema }) body: z.output<typeof editBatchFilesSchema>,
    @Actor() actor: string,
  ): Promise<EditedBatchFiles> {
    return this.service.editFiles(id, body, actor);
  }

  @Post(':id/duplicate')
  @Answers({
    summary: 'Duplicate a batch as a draft',
    links: [{ to: '/api/batches/{id}', parameters: ID }],
    answers: { 201: batchSchema },
    problems: { 404: ['unknown-batch'], 409: ['pipeline-archived'] },
  })
  duplicate(
    @Param('id', batchId) id: number,
    @Body({ schema: duplicateBatchSchema }) { name }: z.output<typeof duplicateBatchSchema>,
    @Actor() actor: string,
    @Req() request: IncomingMessage,
  ): Promise<BatchView> {
    refuseUnreadBody(request);
    return this.service.duplicate(id, name ?? null, actor);
  }
}
