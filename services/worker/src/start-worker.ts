import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { z } from 'zod';
import { NatsLink, StageTransport } from '#libs/messaging';
import { type Logger, NestLogger, type RunningService, serveHealth } from '#libs/runtime';
import { type Adapters, createAdapters } from './adapters/registry.js';
import { Classifier } from './answer/classifier.js';
import { IsolatedAdapter } from './isolated/isolated-adapter.js';
import { StageRunner } from './stage-runner.js';
import type { StageStep } from './stage-step.js';
import { ISOLATED_CALL_MIB, type workerConfig } from './worker.config.js';
import { WorkerModule } from './worker.module.js';

/** Replacements for tests and measurements. */
export interface WorkerOptions {
  readonly adapters?: Partial<Adapters>;
  readonly onStep?: (step: StageStep) => void;
  /** Built file of the process for isolated calls. */
  readonly isolatedCall?: URL;
}

const SECOND = 1000;
const ISOLATED_CALL = new URL('./isolated/isolated-call.js', import.meta.url);
/** Seconds, for workers in tests and measurements that set none. */
const SHORT_GRACE = 4;

type WorkerConfig = z.infer<typeof workerConfig>;
type Optional = 'SHUTDOWN_GRACE' | 'ISOLATED_CALL_MIB';
type WorkerSettings = Omit<WorkerConfig, Optional> & Partial<Pick<WorkerConfig, Optional>>;

/** Starts a worker. It serves every app that the scheduler has registered, or those named in its configuration. */
export async function startWorker(
  config: Readonly<WorkerSettings>,
  logger: Logger,
  { adapters: replaced, onStep, isolatedCall = ISOLATED_CALL }: WorkerOptions = {},
): Promise<RunningService> {
  const worker = config.WORKER_ID;
  const stopping = new AbortController();
  const link = await NatsLink.connect(config.NATS_URL, `worker ${worker}`, logger);
  const classifier = new Classifier(new URL('./answer/classify-thread.js', import.meta.url));
  const adapters = { ...createAdapters(classifier), ...replaced };
  const isolated = new IsolatedAdapter({
    file: isolatedCall,
    memoryMib: config.ISOLATED_CALL_MIB ?? ISOLATED_CALL_MIB,
    adapters,
    log: logger,
  });
  const runner = new StageRunner({
    link,
    worker,
    stopping: stopping.signal,
    adapters,
    isolated,
    onNewerVersion: (version) =>
      logger.warn(
        { version },
        'a stage message was written by a newer release and returns to the queue: update this worker',
      ),
    onStep,
  });
  const graceMs = (config.SHUTDOWN_GRACE ?? SHORT_GRACE) * SECOND;
  const abort = () => stopping.abort(new Error('The worker is stopping; another worker will continue the stage.'));
  const transport = new StageTransport(link, logger, {
    worker,
    apps: config.WORKER_APPS,
    shutdown: { graceMs, abort },
  });
  const app = await NestFactory.createMicroservice(WorkerModule.with(runner), {
    strategy: transport,
    logger: new NestLogger(logger),
  });
  await app.listen();
  const health =
    config.HEALTH_PORT === undefined ? undefined : await serveHealth(config.HEALTH_PORT, () => link.isConnected());
  return {
    graceMs,
    drain: () => transport.drain(),
    close: async () => {
      await app.close();
      isolated.close();
      await classifier.close();
      await health?.close();
      await link.close();
    },
  };
}
