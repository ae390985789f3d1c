import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { fetchAppMetadata } from '#libs/clams';
import { DatabaseModule, GATEWAY_LIMITS } from '#libs/database';
import { askOperator, NatsLink } from '#libs/messaging';
import { type Logger, NestLogger, type RunningService } from '#libs/runtime';
import type { GatewayConfig } from './gateway.config.js';
import { GatewayModule } from './gateway.module.js';
import { HTTP_OPTIONS, prepareHttp } from './prepare-http.js';

const SECOND = 1000;
const POOL_SIZE = 10;
/** A command on a batch of 100,000 files takes several seconds. */
const SCHEDULER_TIMEOUT = 30 * SECOND;

/** Connects the gateway to NATS, Postgres and HTTP, and listens until it is closed. */
export async function startGateway(config: GatewayConfig, logger: Logger): Promise<RunningService> {
  const link = await NatsLink.connect(config.NATS_URL, 'gateway', logger);
  const database = DatabaseModule.forRoot(config.DATABASE_URL, { poolSize: POOL_SIZE, limits: GATEWAY_LIMITS });
  const app = await NestFactory.create<NestExpressApplication>(
    GatewayModule.with(config, {
      database,
      wakeUps: link,
      appMetadata: { fetch: fetchAppMetadata },
      scheduler: {
        ask: (verb, request) => askOperator(link.connection, verb, request, SCHEDULER_TIMEOUT),
      },
    }),
    { ...HTTP_OPTIONS, logger: new NestLogger(logger), abortOnError: false },
  );
  prepareHttp(app, config, logger);
  await app.listen(config.PORT, config.HOST);
  return {
    close: async () => {
      await app.close();
      await link.close();
    },
  };
}
