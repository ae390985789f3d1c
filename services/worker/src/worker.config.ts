import { hostname } from 'node:os';
import { z } from 'zod';
import { commaList, healthConfig, logConfig, natsConfig } from '#libs/runtime';

/** A document of 50 MB takes about 260 MB; one with an answer of 150 MB about 630 MB. */
export const ISOLATED_CALL_MIB = 2048;

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
  ISOLATED_CALL_MIB: z.coerce
    .number()
    .int()
    .min(128)
    .default(ISOLATED_CALL_MIB)
    .describe(
      'Memory, in MiB, of the process that calls an app alone for a file whose first two calls ended with their worker. ' +
        'A file that needs more fails.',
    ),
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
