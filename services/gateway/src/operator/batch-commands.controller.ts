import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import {
  type CommandAnswer,
  commandAnswerSchema,
  type Explanation,
  explanationSchema,
  holdBatchSchema,
  resumeBatchSchema,
  retryBatchSchema,
} from '#libs/contracts';
import { Actor } from '../access/actor.decorator.js';
import { KeptByScheduler } from '../http/idempotency/kept-by-scheduler.js';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { OperatorService } from './operator.service.js';

const batchId = new IdPipe('batch');
const answered = (summary: string) => ({ summary, answers: { 200: commandAnswerSchema } });

/** Commands on a batch that was started. */
@KeptByScheduler(true)
@Tag('operating')
@Controller('api/batches')
export class BatchCommandsController {
  constructor(private readonly operator: OperatorService) {}

  @Post(':id/pause')
  @HttpCode(200)
  @Answers(answered('Pause a batch; stages in progress finish'))
  pause(@Param('id', batchId) id: number, @Actor() actor: string): Promise<CommandAnswer> {
    return this.operator.ask('pause', { noun: 'batch', id }, { actor });
  }

  @Post(':id/hold')
  @HttpCode(200)
  @Answers({
    ...answered('Hold a batch at a stage: no file of it starts this stage until it is resumed there'),
    examples: { second: { stage: 1, why: 'Wrong parameters' } },
  })
  hold(
    @Param('id', batchId) id: number,
    @Body({ schema: holdBatchSchema }) body: z.output<typeof holdBatchSchema>,
    @Actor() actor: string,
  ): Promise<CommandAnswer> {
    return this.operator.ask('hold', { noun: 'batch', id }, { ...body, actor });
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Answers({
    ...answered('Resume a paused batch, or with a stage, a batch that is held there'),
    examples: { paused: {}, held: { stage: 1 } },
  })
  resume(
    @Param('id', batchId) id: number,
    @Body({ schema: resumeBatchSchema.optional() }) body: z.output<typeof resumeBatchSchema> | undefined,
    @Actor() actor: string,
  ): Promise<CommandAnswer> {
    return this.operator.ask('resume', { noun: 'batch', id }, { ...body, actor });
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Answers(answered('Cancel the runs of a batch that have not ended'))
  cancel(@Param('id', batchId) id: number, @Actor() actor: string): Promise<CommandAnswer> {
    return this.operator.ask('cancel', { noun: 'batch', id }, { actor });
  }

  @Post(':id/retry')
  @HttpCode(200)
  @Answers({
    ...answered('Retry the failed and cancelled runs of a batch: all, or those of one error group or app'),
    examples: { all: {}, dryRun: { dryRun: true } },
  })
  retry(
    @Param('id', batchId) id: number,
    @Body({ schema: retryBatchSchema }) body: z.output<typeof retryBatchSchema>,
    @Actor() actor: string,
  ): Promise<CommandAnswer> {
    return this.operator.ask('replay', { noun: 'batch', id }, { ...body, actor });
  }

  @Get(':id/explain')
  @Answers({
    summary: 'Explain why a batch makes no progress, and what to do',
    answers: { 200: explanationSchema },
  })
  explain(@Param('id', batchId) id: number): Promise<Explanation> {
    return this.operator.ask('explain', { noun: 'batch', id }, {});
  }
}
