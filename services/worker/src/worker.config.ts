import { hostname } from 'node:os';
import { z } from 'zod';
import { commaList, healthConfig, logConfig, natsConfig } from '#libs/runtime';

/** Environment of a worker. */
export const workerConfig = z.object({
  ...logConfig,
  ...natsConfig,
  ...healthConfig,
  WORKER_APPS: commaList.default([]).describe('Slugs of the apps to serve, comma-separated; empty serves all.'),
  WORKER_ID: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'must have letters, digits, "-" and "_" only')
    .default(`${hostname().replaceAll(/[^A-Za-z0-9_-]/g, '-')}-${process.pid}`)
    .meta({ description: 'Name of this worker in events.', fallback: '<host name>-<process id>' }),
});
