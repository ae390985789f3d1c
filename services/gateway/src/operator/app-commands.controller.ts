import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import {
  type CommandAnswer,
  commandAnswerSchema,
  type Explanation,
  explanationSchema,
  pauseAppSchema,
} from '#libs/contracts';
import { Actor } from '../access/actor.decorator.js';
import { appSlugPipe } from '../http/app-slug.pipe.js';
import { KeptByScheduler } from '../http/idempotency/kept-by-scheduler.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { OperatorService } from './operator.service.js';

/** Commands on an app. */
@KeptByScheduler(true)
@Tag('operating')
@Controller('api/apps')
export class AppCommandsController {
  constructor(private readonly operator: OperatorService) {}

  @Post(':slug/pause')
  @HttpCode(200)
  @Answers({
    summary: 'Pause an app: no worker starts stages of it',
    examples: { why: { why: 'Its machine is being updated.' }, noReason: {} },
    answers: { 200: commandAnswerSchema },
    problems: { 404: ['unknown-app'], 503: ['scheduler-away'] },
  })
  pause(
    @Param('slug', appSlugPipe) slug: string,
    @Body({ schema: pauseAppSchema }) { why }: z.output<typeof pauseAppSchema>,
    @Actor() actor: string,
  ): Promise<CommandAnswer> {
    return this.operator.ask('pause', { noun: 'app', id: slug }, { why, actor });
  }

  @Post(':slug/resume')
  @HttpCode(200)
  @Answers({
    summary: 'Resume a paused app',
    answers: { 200: commandAnswerSchema },
    problems: { 404: ['unknown-app'], 503: ['scheduler-away'] },
  })
  resume(@Param('slug', appSlugPipe) slug: string, @Actor() actor: string): Promise<CommandAnswer> {
    return this.operator.ask('resume', { noun: 'app', id: slug }, { actor });
  }

  @Get(':slug/explain')
  @Answers({
    summary: 'Explain what an app is doing, or why it makes no progress',
    answers: { 200: explanationSchema },
    problems: { 404: ['unknown-app'], 503: ['scheduler-away'] },
  })
  explain(@Param('slug', appSlugPipe) slug: string): Promise<Explanation> {
    return this.operator.ask('explain', { noun: 'app', id: slug }, {});
  }
}
