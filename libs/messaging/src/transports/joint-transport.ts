import type { MessageHandler } from '@nestjs/microservices';
import { NestTransport } from './nest-transport.js';

/** Several transports in one, because a Nest microservice has only one; each uses the handlers that it needs. */
export class JointTransport extends NestTransport {
  constructor(private readonly transports: readonly NestTransport[]) {
    super();
  }

  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler?: boolean,
    extras?: Record<string, unknown>,
  ): void {
    for (const transport of this.transports) transport.addHandler(pattern, callback, isEventHandler, extras);
  }

  /** Starts one after the other; the first failure aborts the start. */
  protected async begin(): Promise<void> {
    for (const transport of this.transports) {
      await new Promise<void>((resolve, reject) => {
        transport.listen((error) => (error === undefined ? resolve() : reject(error as Error)));
      });
    }
  }

  /** Closes the last one first. */
  async close(): Promise<void> {
    for (const transport of this.transports.toReversed()) await transport.close();
  }
}
