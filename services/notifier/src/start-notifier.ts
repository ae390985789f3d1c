import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { LiveTransport, NatsLink } from '#libs/messaging';
import { type Logger, NestLogger, type RunningService } from '#libs/runtime';
import type { NotifierConfig } from './notifier.config.js';
import { NotifierModule } from './notifier.module.js';
import { SocketAdapter } from './socket-adapter.js';

/** Starts a notifier: Socket.IO and `GET /healthz` on one port, fed by LIVE. */
export async function startNotifier(config: NotifierConfig, logger: Logger): Promise<RunningService> {
  const link = await NatsLink.connect(config.NATS_URL, 'notifier', logger);
  const app = await NestFactory.create(
    NotifierModule.with(config, () => link.isConnected()),
    { logger: new NestLogger(logger), abortOnError: false },
  );
  app.useWebSocketAdapter(new SocketAdapter(app));
  app.connectMicroservice({ strategy: new LiveTransport(link) });
  // Sockets before commits: the transport starts with the commits that LIVE still holds.
  await app.init();
  await app.startAllMicroservices();
  await app.listen(config.PORT, config.HOST);
  return {
    close: async () => {
      await app.close();
      await link.close();
    },
  };
}
