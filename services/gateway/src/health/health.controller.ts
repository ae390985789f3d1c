import type { ServerResponse } from 'node:http';
import { Controller, Get, Res } from '@nestjs/common';
import { DatabaseHealth } from '#libs/database';
import { Public } from '../access/public.decorator.js';

/** For probes: 200 while requests can be served. */
@Public(true)
@Controller('healthz')
export class HealthController {
  constructor(private readonly database: DatabaseHealth) {}

  @Get()
  async read(@Res({ passthrough: true }) response: ServerResponse): Promise<{ healthy: boolean }> {
    const healthy = await this.database.answers();
    response.statusCode = healthy ? 200 : 503;
    return { healthy };
  }
}
