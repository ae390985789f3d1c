import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { z } from 'zod';
import { NatsLink, StageTransport } from '#libs/messaging';
import { type Logger, NestLogger, type RunningService, serveHealth } from '#libs/runtime';
import { Classifier } from './answer/classifier.js';
import { StageRunner } from './stage-runner.js';
import type { workerConfig } from './worker.config.js';
import { WorkerModule } from './worker.module.js';

/** Starts a worker; it serves every app the scheduler has registered, or those named in its configuration. */
export async function startWorker(
  config: Readonly<z.infer<typeof workerConfig>>,
  logger: Logger,
): Promise<RunningService> {
  const stopping = new AbortController();
  const link = await NatsLink.connect(config.NATS_URL, `worker ${config.WORKER_ID}`, logger);
  const classifier = new Classifier(new URL('./answer/classify-thread.js', import.meta.url));
  const runner = new StageRunner(link, config.WORKER_ID, stopping.signal, classifier);
  const transport = new StageTransport(link, logger, config.WORKER_APPS);
  const app = await NestFactory.createMicroservice(WorkerModule.with(runner), {
    strategy: transport,
    logger: new NestLogger(logger),
  });
  await app.listen();
  const health =
    config.HEALTH_PORT === undefined ? undefined : await serveHealth(config.HEALTH_PORT, () => link.isConnected());
  return {
    close: async () => {
      await app.close();
      stopping.abort(new Error('The worker stops; the stage goes on with another worker or at the next start.'));
      await classifier.close();
      await health?.close();
      await link.close();
    },
  };
}
