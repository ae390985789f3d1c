import type { ServerResponse } from 'node:http';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { defer, from, lastValueFrom, type Observable } from 'rxjs';
import { ProblemError } from '../problem-error.js';
import { TaskQueue } from './task-queue.js';

/** Marks a command that this gateway runs one at a time, because it takes long and holds a database connection. */
export const OneByOne = Reflector.createDecorator<true>();

/** Commands in progress and waiting. A command takes seconds, so the last one still finishes before clients time out. */
const MAX_COMMANDS = 10;
const RETRY_AFTER_SECONDS = 10;

/** Runs commands that are marked `OneByOne` one after the other; if the queue is full, the response is 503. */
@Injectable()
export class OneByOneInterceptor implements NestInterceptor {
  private readonly queue = new TaskQueue(MAX_COMMANDS);

  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (this.reflector.get(OneByOne, context.getHandler()) !== true) return next.handle();
    const response = context.switchToHttp().getResponse<ServerResponse>();
    if (this.queue.isFull) {
      response.setHeader('retry-after', RETRY_AFTER_SECONDS);
      throw queueFull();
    }
    const work = () => lastValueFrom(next.handle(), { defaultValue: undefined });
    // A command whose client disconnected while it waited is not carried out.
    return defer(() => from(this.queue.run(() => (response.destroyed ? Promise.resolve() : work()))));
  }
}

const queueFull = () =>
  new ProblemError(
    503,
    'too-many-at-once',
    'Too many commands of this kind',
    `Nothing was changed. ${MAX_COMMANDS} such commands are already in progress or waiting: send this again in ${RETRY_AFTER_SECONDS} s, or combine several lists into one.`,
  );
