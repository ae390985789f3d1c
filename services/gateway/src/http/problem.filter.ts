import type { ServerResponse } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Problem } from '#libs/contracts';
import type { Logger } from '#libs/runtime';
import { type ApiRequest, pathOf } from './api-request.js';
import type { BodyLimit } from './body-limits.js';
import { problemOf } from './problem-of.js';

/** For temporary problems whose end is unknown. */
const RETRY_AFTER_SECONDS = 10;

/** Sends a problem document, with Retry-After for status 503. If the response has already started, the connection is closed instead. */
export function sendProblem(response: ServerResponse, problem: Problem, requestId?: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (problem.status === 503 && !response.hasHeader('retry-after'))
    response.setHeader('retry-after', RETRY_AFTER_SECONDS);
  response.writeHead(problem.status, { 'content-type': 'application/problem+json; charset=utf-8' });
  response.end(JSON.stringify({ ...problem, ...(requestId === undefined ? {} : { requestId }) }));
}

/** Turns every error of a request into a problem document, and logs those with status 500 or above. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    /** The body limit of a path. */
    private readonly limitOf: (path: string) => BodyLimit,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { requestId, originalUrl } = http.getRequest<ApiRequest>();
    const problem = problemOf(error, this.limitOf(pathOf({ url: originalUrl })));
    if (problem.status >= 500) this.logger.error({ err: error, requestId }, 'request failed');
    sendProblem(http.getResponse<ServerResponse>(), problem, requestId);
  }
}
