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
import { OperatorService } from './operator.service.js';

const runId = new IdPipe('run', Number.MAX_SAFE_INTEGER);

/** What people do to a run, and ask about it. */
@KeptByScheduler(true)
@Controller('api/runs')
export class RunCommandsController {
  constructor(private readonly operator: OperatorService) {}

  @Post(':id/retry')
  @HttpCode(200)
  @Answers({ summary: 'Let a run go through its stages again', answers: { 200: commandAnswerSchema } })
  retry(
    @Param('id', runId) id: number,
    @Body({ schema: retryRunSchema }) body: z.output<typeof retryRunSchema>,
    @Actor() actor: string,
  ): Promise<CommandAnswer> {
    return this.operator.ask('replay', { noun: 'run', id }, { ...body, actor });
  }

  @Get(':id/explain')
  @Answers({ summary: 'Tell why a run is not getting on', answers: { 200: explanationSchema } })
  explain(@Param('id', runId) id: number): Promise<Explanation> {
    return this.operator.ask('explain', { noun: 'run', id }, {});
  }
}
