import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

const STANDARD_OUTPUT = 1;
/** Bytes that wait while standard output cannot be written, for example to a full disk; further lines are lost. */
const MAX_WAITING = 1024 ** 2;

/**
 * Writes JSON lines to standard output; each line contains the name of the service. A log that cannot be written does not
 * end the service: lines wait until there is space.
 */
export function createLogger(service: string, level: string): Logger {
  const output = pino.destination({ fd: STANDARD_OUTPUT, sync: true, maxLength: MAX_WAITING });
  output.on('error', () => undefined);
  return pino({ base: { service }, level, timestamp: pino.stdTimeFunctions.isoTime }, output);
}

/** Forwards log messages of Nest to a pino logger. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }

  error(message: unknown, stack?: string, context?: string): void {
    this.logger.error({ context, stack }, String(message));
  }

  debug(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  verbose(message: unknown, context?: string): void {
    this.logger.trace({ context }, String(message));
  }
}
