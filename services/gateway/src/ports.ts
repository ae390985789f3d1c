import type { DynamicModule } from '@nestjs/common';
import type { OperatorAnswer, OperatorRequest, OperatorVerb } from '#libs/contracts';

/**
 * Sends wake-ups to the scheduler, so that it acts at once instead of at its next poll, at most one second later; a lost
 * wake-up is therefore harmless. They are messages of the stream JOBS, which the scheduler's event controller receives.
 * Services inject this class; inside a transaction, a wake-up is sent after the commit.
 */
export abstract class WakeUps {
  /** `subject`: from `jobSubject`. */
  abstract wake(subject: string): void;

  /** Whether the gateway is connected to NATS. */
  abstract isConnected(): boolean;
}

/** Requests to the active scheduler (NATS request/reply); rejects with OperatorRefusal or SchedulerUnavailable. */
export abstract class SchedulerClient {
  abstract ask<Verb extends OperatorVerb>(
    verb: Verb,
    request: Partial<OperatorRequest<Verb>>,
  ): Promise<OperatorAnswer<Verb>>;
}

/** Fetches the metadata of CLAMS apps over HTTP. */
export abstract class AppMetadataSource {
  /**
   * The metadata of the app at a URL, as the text that it sent; rejects with AppMetadataError if there is none.
   * `deadline` in milliseconds; default: 20 s.
   */
  abstract fetch(url: string, deadline?: number): Promise<string>;
}

/**
 * Everything that the gateway reaches outside its process. `start-gateway.ts` connects the ports to NATS, HTTP and
 * Postgres; `GatewayModule.with` binds them for injection; tests pass their own.
 */
export interface GatewayPorts {
  readonly database: DynamicModule;
  readonly wakeUps: WakeUps;
  readonly appMetadata: AppMetadataSource;
  readonly scheduler: SchedulerClient;
}
