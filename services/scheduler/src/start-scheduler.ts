import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { z } from 'zod';
import { becomeLeader, DatabaseModule } from '#libs/database';
import { NatsLink, RecorderTransport } from '#libs/messaging';
import { type Logger, NestLogger, type RunningService, serveHealth } from '#libs/runtime';
import { Leader } from './leader.js';
import { LivePublisher } from './live-publisher.js';
import type { schedulerConfig } from './scheduler.config.js';
import { SchedulerModule } from './scheduler.module.js';

/**
 * Starts a scheduler. Only one works at a time: a second one waits here, ready to take over, until the first is
 * gone. Fails when the NATS server belongs to another database.
 */
export async function startScheduler(
  config: Readonly<z.infer<typeof schedulerConfig>>,
  logger: Logger,
): Promise<RunningService> {
  const lock = await becomeLeader(config.DATABASE_URL, (error) => {
    logger.fatal({ err: error }, 'lost the leader lock');
    process.exit(1);
  });
  const link = await NatsLink.connect(config.NATS_URL, 'scheduler', logger);
  const database = DatabaseModule.forRoot(config.DATABASE_URL, { poolSize: 6 });
  const app = await NestFactory.createMicroservice(
    SchedulerModule.with(database, { link, logger, ackWait: config.ACK_WAIT }),
    {
      strategy: new RecorderTransport(link, logger),
      logger: new NestLogger(logger),
    },
  );
  const leader = app.get(Leader);
  await leader.prepare();
  await app.listen();
  leader.begin();
  const health =
    config.HEALTH_PORT === undefined ? undefined : await serveHealth(config.HEALTH_PORT, () => link.isConnected());
  return {
    close: async () => {
      leader.end();
      await app.get(LivePublisher).close();
      await health?.close();
      // Flushes what the live publisher sent; the transport stops recording before the pool is closed.
      await app.close();
      await link.close();
      await lock.resign();
    },
  };
}
