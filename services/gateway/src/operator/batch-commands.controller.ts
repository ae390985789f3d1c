import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { type CommandAnswer, retryBatchSchema } from '#libs/contracts';
import { Actor } from '../access/actor.decorator.js';
import { KeptByScheduler } from '../http/idempotency/kept-by-scheduler.js';
import { IdPipe } from '../http/id.pipe.js';
import { OperatorService } from './operator.service.js';

const batchId = new IdPipe('batch');

/** What people do to a batch that was started. */
@KeptByScheduler(true)
@Controller('api/batches')
export class BatchCommandsController {
  constructor(private readonly operator: OperatorService) {}

  @Post(':id/pause')
  @HttpCode(200)
  pause(@Param('id', batchId) id: number, @Actor() actor: string): Promise<CommandAnswer> {
    return this.operator.ask('pause', { noun: 'batch', id }, { actor });
  }

  @Post(':id/resume')
  @HttpCode(200)
  resume(@Param('id', batchId) id: number, @Actor() actor: string): Promise<CommandAnswer> {
    return this.operator.ask('resume', { noun: 'batch', id }, { actor });
  }

  @Post(':id/cancel')
  @HttpCode(200)
  cancel(@Param('id', batchId) id: number, @Actor() actor: string): Promise<CommandAnswer> {
    return this.operator.ask('cancel', { noun: 'batch', id }, { actor });
  }

  @Post(':id/retry')
  @HttpCode(200)
  retry(
    @Param('id', batchId) id: number,
    @Body({ schema: retryBatchSchema }) body: z.output<typeof retryBatchSchema>,
    @Actor() actor: string,
  ): Promise<CommandAnswer> {
    return this.operator.ask('replay', { noun: 'batch', id }, { ...body, actor });
  }
}
