import type { IncomingMessage } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from '#libs/runtime';
import { ownVisitsOnly } from '../access/own-visits-only.js';
import type { GatewayConfig } from '../gateway.config.js';
import { liveProxy } from '../live/live-proxy.js';
import { clientPages } from '../web-client/client-pages.js';
import { serveStaticFiles } from '../web-client/static-files.js';
import { type BodyLimit, bodyLimitOf, PARSED_LIMITS } from './body-limits.js';
import { noteBody } from './idempotency/command-key.js';
import { pathOf } from './api-request.js';
import { methodsOf } from './openapi/allowed-methods.js';
import { ApiRoutes } from './openapi/api-routes.js';
import { ProblemFilter } from './problem.filter.js';
import { rateLimitOfCommands } from './rate-limit.js';
import { requestId } from './request-id.js';
import { requestLog } from './request-log.js';
import { securityHeaders } from './security-headers.js';
import { ValidationPipe } from './validation.pipe.js';

/** What a Nest application of ours needs to be created with: the parser comes after the checks, in `prepareHttp`. */
export const HTTP_OPTIONS = { bodyParser: false, forceCloseConnections: true } as const;

/** JSON for memory, of addresses with this limit; what a route spools has to arrive there unread. */
const isParsed =
  (limit: BodyLimit) =>
  ({ headers, url }: IncomingMessage): boolean =>
    /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '') && bodyLimitOf(pathOf({ url })) === limit;

/** Puts everything a request passes through into its order. */
export function prepareHttp(app: NestExpressApplication, config: GatewayConfig, logger: Logger): void {
  const live = liveProxy(config, logger);
  app.disable('x-powered-by');
  app.use(requestId);
  app.use(requestLog(logger));
  app.use(securityHeaders());
  app.use(ownVisitsOnly(config.ALLOWED_HOSTS));
  // Before the body parser: a proxied body has to arrive unread.
  app.use(live.middleware);
  live.followUpgrades(app.getHttpServer());
  serveStaticFiles(app, config.WEB_FOLDER);
  app.use(clientPages(config.WEB_FOLDER));
  app.use(methodsOf(app.get(ApiRoutes, { strict: false }).list()));
  app.use(rateLimitOfCommands(config));
  for (const limit of PARSED_LIMITS)
    app.useBodyParser('json', { limit: limit.bytes, type: isParsed(limit), verify: noteBody });
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ProblemFilter(logger));
}
