import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { type CommandAnswer, commandAnswerSchema, retryBatchSchema } from '#libs/contracts';
import { Actor } from '../access/actor.decorator.js';
import { KeptByScheduler } from '../http/idempotency/kept-by-scheduler.js';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { OperatorService } from './operator.service.js';

const batchId = new IdPipe('batch');

/** What people do to a batch that was started. */
@KeptByScheduler(true)
@Controller('api/batches')
export class BatchCommandsController {
  constructor(private readonly operator: OperatorService) {}

  @Post(':id/pause')
  @HttpCode(200)
  @Answers({ summary: 'Hold back what waits of a batch', answers: { 200: commandAnswerSchema } })
  pause(@Param('id', batchId) id: number, @Actor() actor: string): Promise<CommandAnswer> {
    return this.operator.ask('pause', { noun: 'batch', id }, { actor });
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Answers({ summary: 'Let a paused batch go on', answers: { 200: commandAnswerSchema } })
  resume(@Param('id', batchId) id: number, @Actor() actor: string): Promise<CommandAnswer> {
    return this.operator.ask('resume', { noun: 'batch', id }, { actor });
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Answers({ summary: 'Cancel what is left of a batch', answers: { 200: commandAnswerSchema } })
  cancel(@Param('id', batchId) id: number, @Actor() actor: string): Promise<CommandAnswer> {
    return this.operator.ask('cancel', { noun: 'batch', id }, { actor });
  }

  @Post(':id/retry')
  @HttpCode(200)
  @Answers({
    summary: 'Let failed runs of a batch go through their stages again',
    answers: { 200: commandAnswerSchema },
  })
  retry(
    @Param('id', batchId) id: number,
    @Body({ schema: retryBatchSchema }) body: z.output<typeof retryBatchSchema>,
    @Actor() actor: string,
  ): Promise<CommandAnswer> {
    return this.operator.ask('replay', { noun: 'batch', id }, { ...body, actor });
  }
}
