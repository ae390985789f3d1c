import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';

/** Injection token of a function that returns whether NATS is connected. */
export const IS_CONNECTED = Symbol('is connected');

/** Answers probes: `healthz` is 200 while NATS is connected, otherwise 503; `livez` is 200 while the process runs. */
@Controller()
export class HealthController {
  constructor(@Inject(IS_CONNECTED) private readonly isConnected: () => boolean) {}

  @Get('healthz')
  health(): { healthy: boolean } {
    if (!this.isConnected()) throw new ServiceUnavailableException({ healthy: false });
    return { healthy: true };
  }

  @Get('livez')
  live(): { live: true } {
    return { live: true };
  }
}
