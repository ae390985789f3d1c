import type { ServerResponse } from 'node:http';
import { Controller, Get, Res } from '@nestjs/common';
import { z } from 'zod';
import { DatabaseHealth } from '#libs/database';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { Public } from '../http/public.decorator.js';
import { WakeUps } from '../ports.js';

const healthSchema = z.object({
  healthy: z.boolean(),
  degraded: z.string().optional().meta({ description: 'What does not work although the gateway serves requests.' }),
});
type Health = z.infer<typeof healthSchema>;
const livenessSchema = z.object({ live: z.literal(true) });

const WITHOUT_NATS =
  'The gateway has no connection to NATS: running stages continue, but commands to the scheduler fail. Check the NATS server.';

/** The probes of the gateway: it is ready while Postgres responds, and explains a NATS outage instead of failing. */
@Public(true)
@Tag('interface')
@Controller()
export class HealthController {
  constructor(
    private readonly database: DatabaseHealth,
    private readonly wakeUps: WakeUps,
  ) {}

  @Get('healthz')
  @Answers({
    summary: 'Check whether the gateway can serve requests',
    answers: { 200: healthSchema, 503: healthSchema },
  })
  async read(@Res({ passthrough: true }) response: ServerResponse): Promise<Health> {
    const healthy = await this.database.answers();
    response.statusCode = healthy ? 200 : 503;
    return { healthy, ...(this.wakeUps.isConnected() ? {} : { degraded: WITHOUT_NATS }) };
  }

  @Get('livez')
  @Answers({
    summary: 'Check whether the process runs; a restart helps only if it does not answer',
    answers: { 200: livenessSchema },
  })
  live(): z.infer<typeof livenessSchema> {
    return { live: true };
  }
}
