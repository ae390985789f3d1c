import { Body, Controller, HttpCode, Param, type PipeTransform, Post } from '@nestjs/common';
import type { z } from 'zod';
import { type CommandAnswer, isToken, pauseAppSchema } from '#libs/contracts';
import { Actor } from '../access/actor.decorator.js';
import { KeptByScheduler } from '../http/idempotency/kept-by-scheduler.js';
import { unknown } from '../http/problem-error.js';
import { OperatorService } from './operator.service.js';

/** The slug of an app in a path; what cannot be one names nothing. */
const appSlug: PipeTransform<string, string> = {
  transform: (text) => {
    if (!isToken(text) || text.length > 200) throw unknown('app', text.slice(0, 40));
    return text;
  },
};

/** What people do to an app. */
@KeptByScheduler(true)
@Controller('api/apps')
export class AppCommandsController {
  constructor(private readonly operator: OperatorService) {}

  @Post(':slug/pause')
  @HttpCode(200)
  pause(
    @Param('slug', appSlug) slug: string,
    @Body({ schema: pauseAppSchema }) { why }: z.output<typeof pauseAppSchema>,
    @Actor() actor: string,
  ): Promise<CommandAnswer> {
    return this.operator.ask('pause', { noun: 'app', id: slug }, { why, actor });
  }

  @Post(':slug/resume')
  @HttpCode(200)
  resume(@Param('slug', appSlug) slug: string, @Actor() actor: string): Promise<CommandAnswer> {
    return this.operator.ask('resume', { noun: 'app', id: slug }, { actor });
  }
}
