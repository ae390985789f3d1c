import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import {
  type BatchRetentionRule,
  batchRetentionRuleSchema,
  batchRetentionSchema,
  type BatchRetentionView,
  type RetentionRule,
  retentionRuleSchema,
  retentionSchema,
  type RetentionView,
} from '#libs/contracts';
import { Actor } from '../access/actor.decorator.js';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { type RetentionQuery, retentionQuerySchema } from './retention-query.js';
import { RetentionService } from './retention.service.js';

const batchId = new IdPipe('batch');

/** Retention rules: what is kept of finished batches, and for how long. */
@Tag('retention')
@Controller('api')
export class RetentionController {
  constructor(private readonly service: RetentionService) {}

  @Get('retention')
  @Answers({ summary: 'Read the retention rule of the installation', answers: { 200: retentionSchema } })
  read(): Promise<RetentionView> {
    return this.service.read();
  }

  @Put('retention')
  @Answers({
    summary: 'Change the retention rule of the installation',
    examples: { all: { keep: 'all' }, final: { keep: 'final', days: 365 } },
    answers: { 200: retentionSchema },
  })
  change(
    @Body({ schema: retentionRuleSchema }) rule: RetentionRule,
    @Query({ schema: retentionQuerySchema }) { dryRun }: RetentionQuery,
    @Actor() actor: string,
  ): Promise<RetentionView> {
    return this.service.change(rule, { actor, dryRun });
  }

  @Get('batches/:id/retention')
  @Answers({
    summary: 'Read the retention rule of a batch and what is still stored',
    answers: { 200: batchRetentionSchema },
    problems: { 404: ['unknown-batch'] },
  })
  ofBatch(@Param('id', batchId) id: number): Promise<BatchRetentionView> {
    return this.service.ofBatch(id);
  }

  @Put('batches/:id/retention')
  @Answers({
    summary: 'Change the retention rule of a batch',
    examples: { own: { keep: 'final', days: 90 }, follow: { keep: null } },
    answers: { 200: batchRetentionSchema },
    problems: { 404: ['unknown-batch'] },
  })
  changeBatch(
    @Param('id', batchId) id: number,
    @Body({ schema: batchRetentionRuleSchema }) rule: BatchRetentionRule,
    @Query({ schema: retentionQuerySchema }) { dryRun }: RetentionQuery,
    @Actor() actor: string,
  ): Promise<BatchRetentionView> {
    return this.service.changeBatch(id, rule, { actor, dryRun });
  }
}
