import type { ServerResponse } from 'node:http';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { CommandKeysRepository, KeyReused } from '#libs/database';
import type { ApiRequest } from '../api-request.js';
import { digestOf, keyOf, keyReused } from './command-key.js';
import { KeptByScheduler, type SentCommand, sentCommand } from './kept-by-scheduler.js';

const REPLAYED = 'Idempotency-Replayed';

/** A command and its response. */
interface Exchange {
  readonly request: ApiRequest;
  readonly response: ServerResponse;
  readonly work: () => Promise<unknown>;
}

/**
 * Carries out a command with an `Idempotency-Key` once, however often it is sent: the same actor, key, method, URL and
 * body receive the first status and body again, with `Idempotency-Replayed: true`. Another command with the key is 422.
 * Two equal commands at the same time run one after the other.
 *
 * The effects of the command, its key and its response are one transaction, so a repetition is correct wherever the
 * gateway was killed; wake-ups are sent after the commit. A refusal changed nothing and is not stored: the command can
 * be sent again when the reason is gone. Keys are deleted after 7 days. The scheduler stores the keys of the commands
 * that it carries out (`@KeptByScheduler`).
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
