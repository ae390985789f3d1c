import { applyDecorators, Catch, type RpcExceptionFilter, UseFilters } from '@nestjs/common';
import { type CustomTransportStrategy, MessagePattern, Server } from '@nestjs/microservices';
import { lastValueFrom, type Observable, throwError } from 'rxjs';
import type { OperatorVerb } from '#libs/contracts';

/** Where a Nest controller's handler is plugged into a transport. */
export type HandlerName = 'stage' | 'events' | 'wake-up' | 'live-commit' | 'progress' | OperatorVerb;

/** Lets the very error reach the transport, which decides what becomes of the message; Nest would hide it. */
@Catch()
class PassOnErrors implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/** Marks a controller's method as the handler of one kind of message. */
export const Handles = (name: HandlerName): MethodDecorator =>
  applyDecorators(MessagePattern(name), UseFilters(PassOnErrors));

/** A Nest transport on our own JetStream consumers: what arrives is given to the controller's one handler for it. */
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

  /** The handler a controller declares for a message; throws when there is none, so that a start fails at once. */
  protected handlerOf<Payload, Answer = void>(name: HandlerName): (payload: Payload) => Promise<Answer> {
    const handler = this.getHandlerByPattern(name);
    if (!handler) throw new Error(`No controller handles '${name}': add a method decorated with @Handles('${name}').`);
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
