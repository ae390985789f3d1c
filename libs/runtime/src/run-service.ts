import type { z } from 'zod';
import { ConfigError, loadConfig } from './config.js';
import { createLogger, type Logger } from './logging.js';

const SECOND = 1000;
/** How long a service may take to stop after SIGTERM, in addition to its own grace. */
const STOP_WITHIN = 8 * SECOND;

/** A started service; `close` stops intake, finishes or returns work in progress, and closes connections. */
export interface RunningService {
  close(): Promise<void>;
  /** Milliseconds that `close` waits for work in progress; default: 0. */
  readonly graceMs?: number;
  /** Accepts no more work and finishes the work in progress; called on SIGUSR2. */
  drain?(): void;
}

type Start<Config> = (context: { config: Readonly<Config>; logger: Logger }) => Promise<RunningService>;

/**
 * The life cycle of every process: reads the configuration, starts the service, reports to a supervising parent that it
 * is ready, drains it on SIGUSR2, and stops it on SIGTERM, SIGINT or when that parent has exited. Any failure ends the process with exit code
 * 1 instead of leaving it in an undefined state.
 */
export async function runService<Schema extends z.ZodObject>(
  name: string,
  schema: Schema,
  start: Start<z.infer<Schema> & { LOG_LEVEL: string }>,
): Promise<void> {
  const config = readConfig(name, schema) as z.infer<Schema> & { LOG_LEVEL: string };
  const logger = createLogger(name, config.LOG_LEVEL);
  const fail = (error: unknown, message: string) => {
    logger.fatal({ err: error }, message);
    process.exit(1);
  };
  process.on('unhandledRejection', (error) => fail(error, 'unhandled rejection'));
  process.on('uncaughtException', (error) => fail(error, 'uncaught exception'));

  let stopping = false;
  let running: RunningService | undefined;
  const stop = (reason: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, 'stopping');
    const withinMs = (running?.graceMs ?? 0) + STOP_WITHIN;
    setTimeout(() => fail(undefined, `did not stop within ${withinMs / SECOND} s`), withinMs).unref();
    void (running?.close() ?? Promise.resolve()).then(
      () => process.exit(0),
      (error: unknown) => fail(error, 'failed to stop cleanly'),
    );
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  process.on('SIGUSR2', () => running?.drain?.());
  process.once('disconnect', () => stop('parent has exited'));

  try {
    const service = await start({ config, logger });
    running = service;
    if (stopping) await service.close().finally(() => process.exit(0));
  } catch (error) {
    fail(error, 'failed to start');
  }
  logger.info('ready');
  process.send?.({ ready: true });
}

function readConfig<Schema extends z.ZodObject>(name: string, schema: Schema): Readonly<z.infer<Schema>> {
  try {
    return loadConfig(schema);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${name}: ${error.message}\n`);
    process.exit(1);
  }
}
