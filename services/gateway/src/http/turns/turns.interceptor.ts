import type { ServerResponse } from 'node:http';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { defer, from, lastValueFrom, type Observable } from 'rxjs';
import { ProblemError } from '../problem-error.js';
import { WaitingLine } from './waiting-line.js';

/** Marks a command that is done for one sender at a time: it takes long, and holds a connection to the database meanwhile. */
export const OneByOne = Reflector.createDecorator<true>();

/** Commands at once, the one that is done included; one that takes seconds is answered within the patience of clients. */
const ROOM = 10;
const RETRY_AFTER_SECONDS = 10;

/**
 * Lets commands that are marked `OneByOne` wait for each other. It has to come before the interceptor that begins their
 * transactions: whoever waits must not hold a connection, or a few of them would keep everybody else from the database.
 */
@Injectable()
export class TurnsInterceptor implements NestInterceptor {
  private readonly line = new WaitingLine(ROOM);

  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (this.reflector.get(OneByOne, context.getHandler()) !== true) return next.handle();
    const response = context.switchToHttp().getResponse<ServerResponse>();
    if (this.line.isFull) {
      response.setHeader('retry-after', RETRY_AFTER_SECONDS);
      throw tooMany();
    }
    const work = () => lastValueFrom(next.handle(), { defaultValue: undefined });
    // Who has gone while it waited is not waiting for it to be done.
    return defer(() => from(this.line.take(() => (response.destroyed ? Promise.resolve() : work()))));
  }
}

const tooMany = () =>
  new ProblemError(
    503,
    'too-many-at-once',
    'Too many of these at once',
    `Nothing was changed. ${ROOM} such commands are being done one after the other: send this again in ${RETRY_AFTER_SECONDS} s, or put several lists into one.`,
  );
