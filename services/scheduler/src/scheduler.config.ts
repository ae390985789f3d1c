import { z } from 'zod';
import { ACK_WAIT_SECONDS } from '#libs/contracts';
import { healthConfig, logConfig, natsConfig, postgresConfig } from '#libs/runtime';

/** Environment of the scheduler. */
export const schedulerConfig = z.object({
  ...logConfig,
  ...natsConfig,
  ...postgresConfig,
  ...healthConfig,
  ACK_WAIT: z.coerce
    .number()
    .int()
    .min(2)
    .max(3600)
    .default(ACK_WAIT_SECONDS)
    .describe('Seconds without a sign of life from a worker before its stages are delivered to another.'),
  NATS_REPLICAS: z.coerce
    .number()
    .int()
    .min(1)
    .max(5)
    .default(1)
    .describe('Servers of a NATS cluster that store each stream and bucket; 3 in a cluster of three.'),
  NATS_STORE_GIB: z.coerce
    .number()
    .positive()
    .optional()
    .describe('Disk space for the streams of each NATS server, in GiB; by default, as much as the server accepts.'),
});
