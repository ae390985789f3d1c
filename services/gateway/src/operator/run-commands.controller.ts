import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import {
  type CommandAnswer,
  commandAnswerSchema,
  type Explanation,
  explanationSchema,
  retryRunSchema,
} from '#libs/contracts';
import { Actor } from '../access/actor.decorator.js';
import { KeptByScheduler } from '../http/idempotency/kept-by-scheduler.js';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { OperatorService } from './operator.service.js';

const runId = new IdPipe('run', Number.MAX_SAFE_INTEGER);

/** Commands on a run. */
@KeptByScheduler(true)
@Tag('operating')
@Controller('api/runs')
export class RunCommandsController {
  constructor(private readonly operator: OperatorService) {}

  @Post(':id/retry')
  @HttpCode(200)
  @Answers({
    summary: 'Retry a run that has ended, from the stage where it ended or from a given stage',
    examples: { where: {}, stage: { stage: 0 } },
    answers: { 200: commandAnswerSchema },
  })
  retry(
    @Param('id', runId) id: number,
    @Body({ schema: retryRunSchema }) body: z.output<typeof retryRunSchema>,
    @Actor() actor: string,
  ): Promise<CommandAnswer> {
    return this.operator.ask('replay', { noun: 'run', id }, { ...body, actor });
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Answers({
    summary: 'Cancel a run, even during a call to an app',
    answers: { 200: commandAnswerSchema },
  })
  cancel(@Param('id', runId) id: number, @Actor() actor: string): Promise<CommandAnswer> {
    return this.operator.ask('cancel', { noun: 'run', id }, { actor });
  }

  @Get(':id/explain')
  @Answers({
    summary: 'Explain why a run makes no progress, and what to do',
    answers: { 200: explanationSchema },
  })
  explain(@Param('id', runId) id: number): Promise<Explanation> {
    return this.operator.ask('explain', { noun: 'run', id }, {});
  }
}
