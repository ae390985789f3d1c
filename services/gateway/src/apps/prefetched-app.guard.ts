import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AppsRepository, CommandKeysRepository } from '#libs/database';
import type { ApiRequest } from '../http/api-request.js';
import { keyOf } from '../http/idempotency/command-key.js';
import { AppDescriber, type DescribedApp } from './app-describer.js';

/** The metadata of the app at a URL, fetched before the transaction of a command; rejects like the fetch. */
export interface PrefetchedApp {
  readonly url: string;
  readonly described: Promise<DescribedApp>;
}

/** What a command on an app contains before it is validated. */
type AppRequest = ApiRequest & {
  readonly body?: { readonly url?: unknown };
  readonly params: Readonly<Record<string, string | undefined>>;
  prefetchedApp?: PrefetchedApp;
};

/**
 * Fetches the metadata of an app for a command with an `Idempotency-Key`. The command itself runs in a transaction, and
 * an app that accepts a connection and never answers would hold that transaction, its locks and its connection for the
 * whole deadline. Guards run before the transaction. A repeated command does not fetch again.
 */
@Injectable()
export class PrefetchedAppGuard implements CanActivate {
  constructor(
    private readonly describer: AppDescriber,
    private readonly apps: AppsRepository,
    private readonly keys: CommandKeysRepository,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AppRequest>();
    const key = keyOf(request);
    if (key === null || (await this.keys.isAnswered({ actor: request.actor ?? '', key }))) return true;
    const url = await this.urlOf(request);
    if (url === null) return true;
    const described = this.describer.describe(url);
    await described.catch(() => undefined);
    request.prefetchedApp = { url, described };
    return true;
  }

  /** Null for a request that the command will reject. */
  private async urlOf({ body, params }: AppRequest): Promise<string | null> {
    const { slug } = params;
    const given = slug === undefined ? body?.url : (await this.apps.find(slug))?.app.url;
    if (typeof given !== 'string' || !URL.canParse(given)) return null;
    try {
      return this.describer.allowedUrl(given);
    } catch {
      return null;
    }
  }
}
