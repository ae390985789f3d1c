import type { ServerResponse } from 'node:http';
import { Controller, Get, Res } from '@nestjs/common';
import { z } from 'zod';
import { DatabaseHealth } from '#libs/database';
import { Public } from '../access/public.decorator.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';

const healthSchema = z.object({ healthy: z.boolean() });

/** For probes: 200 while requests can be served. */
@Public(true)
@Tag('interface')
@Controller('healthz')
export class HealthController {
  constructor(private readonly database: DatabaseHealth) {}

  @Get()
  @Answers({ summary: 'Tell whether requests can be served', answers: { 200: healthSchema, 503: healthSchema } })
  async read(@Res({ passthrough: true }) response: ServerResponse): Promise<{ healthy: boolean }> {
    const healthy = await this.database.answers();
    response.statusCode = healthy ? 200 : 503;
    return { healthy };
  }
}
