import { applyDecorators, Catch, type RpcExceptionFilter, UseFilters } from '@nestjs/common';
import { type CustomTransportStrategy, MessagePattern, Server } from '@nestjs/microservices';
import { lastValueFrom, type Observable, throwError } from 'rxjs';
import type { OperatorVerb } from '#libs/contracts';

/** Kinds of messages for which a Nest controller can declare a handler. */
export type HandlerName = 'stage' | 'events' | 'events-start' | 'wake-up' | 'live-commit' | 'progress' | OperatorVerb;

/** Passes the original error to the transport, which decides about the message; Nest would replace it. */
@Catch()
class PassOnErrors implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/** Declares a controller's method as the handler of one kind of message. */
export const Handles = (name: HandlerName): MethodDecorator =>
  applyDecorators(MessagePattern(name), UseFilters(PassOnErrors));

/**
 * Base of Nest transports on Chowda's own JetStream consumers: each message goes to the controller's handler for it.
 */
export abstract class NestTransport extends Server implements CustomTransportStrategy {
  abstract override close(): Promise<void>;
  protected abstract begin(): Promise<void> | void;

  listen(callback: (error?: unknown) => void): void {
    void Promise.resolve()
      .then(() => this.begin())
      .then(
        () => callback(),
        (error: unknown) => callback(error),
      );
  }

  /** The declared handler of a kind of message; throws when there is none, so that the service does not start. */
  protected handlerOf<Payload, Answer = void>(name: HandlerName): (payload: Payload) => Promise<Answer> {
    const handler = this.getHandlerByPattern(name);
    if (!handler) throw new Error(`No controller handles '${name}': add a method with @Handles('${name}').`);
    return async (payload) => {
      const answers = this.transformToObservable(await handler(payload)) as Observable<Answer>;
      return lastValueFrom(answers, { defaultValue: undefined as Answer });
    };
  }

  on(): void {
    throw new Error('This transport emits no events of its own.');
  }

  unwrap<T>(): T {
    throw new Error('The connection belongs to NatsLink.');
  }
}
