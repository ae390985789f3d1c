import { hostname } from 'node:os';
import { z } from 'zod';
import { commaList, healthConfig, logConfig, natsConfig } from '#libs/runtime';

/** Environment of a worker. */
export const workerConfig = z.object({
  ...logConfig,
  ...natsConfig,
  ...healthConfig,
  WORKER_APPS: commaList.default([]).describe('Comma-separated slugs of the apps to serve; empty: all apps.'),
  WORKER_ID: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'may contain only letters, digits, "-" and "_"')
    .default(`${hostname().replaceAll(/[^A-Za-z0-9_-]/g, '-')}-${process.pid}`)
    .meta({ description: 'Name of this worker in events.', fallback: '<host name>-<process id>' }),
  SHUTDOWN_GRACE: z.coerce
    .number()
    .min(0)
    .max(86_400)
    .default(30)
    .describe(
      'Seconds that calls in progress may continue after SIGTERM. The others return to the queue and do not count as ' +
        'calls. The orchestrator must wait at least 10 s longer before it kills the worker.',
    ),
});
