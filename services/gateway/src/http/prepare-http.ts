import type { IncomingMessage } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from '#libs/runtime';
import { ownVisitsOnly } from '../access/own-visits-only.js';
import type { GatewayConfig } from '../gateway.config.js';
import { liveProxy } from '../live/live-proxy.js';
import { clientPages } from '../web-client/client-pages.js';
import { serveStaticFiles } from '../web-client/static-files.js';
import { noteBody } from './idempotency/command-key.js';
import { pathOf } from './api-request.js';
import { methodsOf } from './openapi/allowed-methods.js';
import { ApiRoutes } from './openapi/api-routes.js';
import { ProblemFilter } from './problem.filter.js';
import { rateLimitOfCommands } from './rate-limit.js';
import { requestId } from './request-id.js';
import { requestLog } from './request-log.js';
import { securityHeaders } from './security-headers.js';
import { isSpooled } from './spool/spooled-body.js';
import { ValidationPipe } from './validation.pipe.js';

/** A batch of 100,000 GUIDs of full length fits. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** What a Nest application of ours needs to be created with: the parser comes after the checks, in `prepareHttp`. */
export const HTTP_OPTIONS = { bodyParser: false, forceCloseConnections: true } as const;

/** JSON in memory; what a route spools has to arrive there unread. */
const isParsed = ({ headers, url }: IncomingMessage): boolean =>
  /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '') && !isSpooled(pathOf({ url }));

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
  app.useBodyParser('json', { limit: MAX_BODY_BYTES, type: isParsed, verify: noteBody });
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ProblemFilter(logger));
}
