import type { IncomingMessage } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from '#libs/runtime';
import { checkVisit } from './access/check-visit.js';
import type { GatewayConfig } from './gateway.config.js';
import { pathOf } from './http/api-request.js';
import { BODY_LIMITS, limitsByPath } from './http/body-limits.js';
import { noteBody } from './http/idempotency/command-key.js';
import { methodsOf } from './http/openapi/allowed-methods.js';
import { ApiRoutes } from './http/openapi/api-routes.js';
import { ProblemFilter } from './http/problem.filter.js';
import { rateLimitOfCommands } from './http/rate-limit.js';
import { requestId } from './http/request-id.js';
import { requestLog } from './http/request-log.js';
import { securityHeaders } from './http/security-headers.js';
import { answerUnparsed } from './http/unparsed-request.js';
import { ValidationPipe } from './http/validation.pipe.js';
import { liveProxy } from './live/live-proxy.js';
import { clientPages } from './web-client/client-pages.js';
import { serveStaticFiles } from './web-client/static-files.js';

/** Options for creating the Nest application: `prepareHttp` adds the body parser itself, after the checks. */
export const HTTP_OPTIONS = { bodyParser: false, forceCloseConnections: true } as const;

const isJson = ({ headers }: IncomingMessage): boolean =>
  /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');

/**
 * Installs everything that a request passes before its controller, in this order: request ID, log, security headers,
 * host and origin, `/socket.io` to the notifier, static files and pages of the web client, allowed methods, rate limit,
 * body parser. Then Nest runs its own chain: access guard, spooling of large bodies, one-by-one commands,
 * `Idempotency-Key`, validation, controller, and the problem filter for every error. Requests that the HTTP parser
 * rejects reach none of these.
 */
export function prepareHttp(app: NestExpressApplication, config: GatewayConfig, logger: Logger): void {
  const live = liveProxy(config, logger);
  const routes = app.get(ApiRoutes, { strict: false }).list();
  const limitOf = limitsByPath(routes);
  app.disable('x-powered-by');
  answerUnparsed(app.getHttpServer(), logger);
  app.use(requestId);
  app.use(requestLog(logger));
  app.use(securityHeaders());
  app.use(checkVisit(config.ALLOWED_HOSTS));
  // Before the body parser: a proxied body has to arrive unread.
  app.use(live.middleware);
  live.followUpgrades(app.getHttpServer());
  serveStaticFiles(app, config.WEB_FOLDER);
  app.use(clientPages(config.WEB_FOLDER));
  app.use(methodsOf(routes));
  app.use(rateLimitOfCommands(config));
  // One parser per limit. Paths whose body is spooled match none of them.
  for (const limit of new Set([BODY_LIMITS.command, ...routes.flatMap(({ answers }) => answers?.limit ?? [])]))
    app.useBodyParser('json', {
      limit: limit.bytes,
      type: (request: IncomingMessage) => isJson(request) && limitOf(pathOf(request)) === limit,
      verify: noteBody,
    });
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ProblemFilter(logger, limitOf));
}
