import { Injectable } from '@nestjs/common';
import { ExplainRepository } from '#libs/database';
import { monotonicNow } from '#libs/runtime';

/**
 * The clock of Postgres. Pauses and probes use it, so that a wrong or changed clock of this machine neither shortens nor
 * lengthens them, and the next leader on another machine continues them. Between two readings it advances with the
 * monotonic clock.
 */
@Injectable()
export class ServerClock {
  private reading: { readonly server: number; readonly monotonic: number } | undefined;

  constructor(private readonly status: ExplainRepository) {}

  /** Asks Postgres; milliseconds since 1970. */
  async read(): Promise<number> {
    const server = await this.status.now();
    this.reading = { server, monotonic: monotonicNow() };
    return server;
  }

  /** Milliseconds since 1970, from the last reading. */
  now(): number {
    if (!this.reading) throw new Error('The clock of Postgres has not been read.');
    return this.reading.server + (monotonicNow() - this.reading.monotonic);
  }
}
