import { Controller, Delete, Get, Param } from '@nestjs/common';
import {
  type BatchDeletion,
  batchDeletionSchema,
  type BatchUsage,
  batchUsageSchema,
  type DeletedBatch,
  deletedBatchSchema,
} from '#libs/contracts';
import { Actor } from '../access/actor.decorator.js';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { DeletionService } from './deletion.service.js';

const batchId = new IdPipe('batch');
const problems = { 404: ['unknown-batch'] } as const;

/** Storage use and deletion of batches. */
@Tag('retention')
@Controller('api/batches')
export class DeletionController {
  constructor(private readonly service: DeletionService) {}

  @Get(':id/usage')
  @Answers({
    summary: 'Read how much storage the documents of a batch use',
    answers: { 200: batchUsageSchema },
    problems,
  })
  usage(@Param('id', batchId) id: number): Promise<BatchUsage> {
    return this.service.usage(id);
  }

  @Get(':id/deletion')
  @Answers({
    summary: 'Preview the deletion of a batch: what is removed, and what other batches still use',
    answers: { 200: batchDeletionSchema },
    problems,
  })
  preview(@Param('id', batchId) id: number): Promise<BatchDeletion> {
    return this.service.preview(id);
  }

  @Tag('batches')
  @Delete(':id')
  @Answers({
    summary: 'Delete a batch that is not running',
    answers: { 200: deletedBatchSchema },
    problems: { ...problems, 409: ['batch-running'] },
  })
  delete(@Param('id', batchId) id: number, @Actor() actor: string): Promise<DeletedBatch> {
    return this.service.delete(id, actor);
  }
}
