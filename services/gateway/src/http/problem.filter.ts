import type { ServerResponse } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Problem } from '#libs/contracts';
import type { Logger } from '#libs/runtime';
import { type ApiRequest, pathOf } from './api-request.js';
import type { BodyLimit } from './body-limits.js';
import { problemOf } from './problem-of.js';

/** Answers with a problem document; an answer that has begun already is cut off. */
export function sendProblem(response: ServerResponse, problem: Problem, requestId?: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(problem.status, { 'content-type': 'application/problem+json; charset=utf-8' });
  response.end(JSON.stringify({ ...problem, ...(requestId === undefined ? {} : { requestId }) }));
}

/** The one place where errors of requests end. */
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
    if (problem.status >= 500) this.logger.error({ err: error, requestId }, 'a request failed');
    sendProblem(http.getResponse<ServerResponse>(), problem, requestId);
  }
}
