import type { ServerResponse } from 'node:http';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { CommandKeysRepository, KeyReused } from '#libs/database';
import type { ApiRequest } from '../api-request.js';
import { digestOf, keyOf, keyReused } from './command-key.js';
import { KeptByScheduler, type SentCommand, sentCommand } from './kept-by-scheduler.js';

const REPLAYED = 'Idempotency-Replayed';

/** A command and where it is answered. */
interface Exchange {
  readonly request: ApiRequest;
  readonly response: ServerResponse;
  readonly work: () => Promise<unknown>;
}

/**
 * Does a command that carries an `Idempotency-Key` once, however often it is sent. What the handler writes and the note
 * that it was done are one transaction, so that a repetition is right wherever the gateway was killed. A refusal has
 * changed nothing and is not kept: the command may be sent again when its reason is gone.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: CommandKeysRepository,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const key = keyOf(request);
    if (key === null) return next.handle();
    const response = context.switchToHttp().getResponse<ServerResponse>();
    const work = () => lastValueFrom(next.handle(), { defaultValue: undefined });
    const exchange = { request, response, work };
    const isKeptByScheduler = this.reflector.get(KeptByScheduler, context.getClass()) === true;
    return from(isKeptByScheduler ? send(key, exchange) : this.once(key, exchange));
  }

  private async once(key: string, { request, response, work }: Exchange): Promise<unknown> {
    const { actor = '', bodySha256 = request.spooled?.sha256 ?? '' } = request;
    const digest = digestOf(request, bodySha256);
    try {
      const { replayed, answer } = await this.keys.once({ actor, key, digest }, async () => {
        const body = JSON.stringify(await work()) as string | undefined;
        return { status: response.statusCode, body: body ?? null };
      });
      response.statusCode = answer.status;
      if (replayed) response.setHeader(REPLAYED, 'true');
      return answer.body === null ? undefined : (JSON.parse(answer.body) as unknown);
    } catch (error) {
      throw error instanceof KeyReused ? keyReused(key) : error;
    }
  }
}

async function send(key: string, { response, work }: Exchange): Promise<unknown> {
  const command: SentCommand = { key, replayed: false };
  const answer = await sentCommand.run(command, work);
  if (command.replayed) response.setHeader(REPLAYED, 'true');
  return answer;
}
