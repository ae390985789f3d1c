import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { z } from 'zod';
import { becomeLeader, DatabaseModule, LEADER_LIMITS, LeaderEpoch } from '#libs/database';
import { JointTransport, NatsLink, OperatorTransport, RecorderTransport } from '#libs/messaging';
import { type Logger, NestLogger, type RunningService, serveHealth } from '#libs/runtime';
import { Leader } from './leader.js';
import type { schedulerConfig } from './scheduler.config.js';
import { SchedulerModule } from './scheduler.module.js';
import type { Periods } from './scheduler-settings.js';
import type { OnSchedulerStep } from './scheduler-step.js';

const GIBIBYTE = 1024 ** 3;

/** Replacements for tests. */
export interface SchedulerOptions {
  readonly onStep?: OnSchedulerStep | undefined;
  /** Admission stops while the recorder is more than this many events behind. */
  readonly maxLag?: number | undefined;
  readonly periods?: Partial<Periods> | undefined;
  /** Runs that one transaction of a bulk command changes. */
  readonly runsPerSlice?: number | undefined;
}

/**
 * Starts a scheduler. Only one is active at a time: a second one waits here as the standby until the first one is gone.
 * Rejects when the NATS server belongs to another database; a failed start holds no lock and no connection.
 */
export async function startScheduler(
  config: Readonly<z.infer<typeof schedulerConfig>>,
  logger: Logger,
  options: SchedulerOptions = {},
): Promise<RunningService> {
  const parts: RunningService[] = [];
  const close = async () => {
    for (const part of parts.splice(0).toReversed()) await part.close();
  };
  try {
    await startParts(config, logger, { parts, ...options });
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

/** Starts one part after the other and appends it to `parts`, which are closed in reverse order. */
async function startParts(
  config: Readonly<z.infer<typeof schedulerConfig>>,
  logger: Logger,
  { parts, ...options }: SchedulerOptions & { readonly parts: RunningService[] },
): Promise<void> {
  // The supervisor restarts this process, which then is the standby of the new leader.
  const onLost = (error: Error) => {
    logger.fatal({ err: error }, 'this scheduler is no longer the leader');
    process.exit(1);
  };
  // A standby is healthy: it takes over as soon as the leader is gone.
  const health = { role: 'standby', isHealthy: () => true };
  if (config.HEALTH_PORT !== undefined)
    parts.push(
      await serveHealth(
        config.HEALTH_PORT,
        () => health.isHealthy(),
        () => health.role,
      ),
    );
  const lock = await becomeLeader(config.DATABASE_URL, onLost);
  parts.push({ close: () => lock.resign() });
  const link = await NatsLink.connect(config.NATS_URL, 'scheduler', logger);
  parts.push(link);
  const database = DatabaseModule.forRoot(config.DATABASE_URL, { poolSize: 6, limits: LEADER_LIMITS });
  const recorder = new RecorderTransport(link, logger);
  const app = await NestFactory.createMicroservice(
    SchedulerModule.with(database, {
      link,
      position: recorder,
      logger,
      ackWait: config.ACK_WAIT,
      replicas: config.NATS_REPLICAS,
      storeBytes: config.NATS_STORE_GIB && config.NATS_STORE_GIB * GIBIBYTE,
      ...options,
    }),
    {
      strategy: new JointTransport([recorder, new OperatorTransport(link, logger)]),
      logger: new NestLogger(logger),
      abortOnError: false,
    },
  );
  parts.push(app);
  app.get(LeaderEpoch).lead(lock.epoch, onLost);
  const leader = app.get(Leader);
  await leader.prepare();
  await app.listen();
  leader.begin();
  parts.push(leader);
  Object.assign(health, { role: 'leader', isHealthy: () => link.isConnected() });
}
