import type { ServerResponse } from 'node:http';
import { Controller, Get, Res } from '@nestjs/common';
import { z } from 'zod';
import { DatabaseHealth } from '#libs/database';
import { Public } from '../http/public.decorator.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';

const healthSchema = z.object({ healthy: z.boolean() });

/** Health check: 200 while the database responds, otherwise 503. */
@Public(true)
@Tag('interface')
@Controller('healthz')
export class HealthController {
  constructor(private readonly database: DatabaseHealth) {}

  @Get()
  @Answers({
    summary: 'Check whether the gateway can serve requests',
    answers: { 200: healthSchema, 503: healthSchema },
  })
  async read(@Res({ passthrough: true }) response: ServerResponse): Promise<{ healthy: boolean }> {
    const healthy = await this.database.answers();
    response.statusCode = healthy ? 200 : 503;
    return { healthy };
  }
}
