import type { ServerResponse } from 'node:http';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { identify } from '#libs/runtime';
import type { GatewayConfig } from '../gateway.config.js';
import type { Next } from './api-request.js';
import { ProblemError } from './problem-error.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Limits the commands per minute of each actor; requests without a session are counted by IP address. Each gateway
 * process counts separately.
 */
export const rateLimitOfCommands = (config: Pick<GatewayConfig, 'ACCESS_TOKEN' | 'COMMANDS_PER_MINUTE'>) =>
  rateLimit({
    windowMs: MINUTE,
    limit: config.COMMANDS_PER_MINUTE,
    standardHeaders: false,
    legacyHeaders: false,
    skip: ({ method }) => SAFE_METHODS.includes(method),
    keyGenerator: ({ headers, socket }) =>
      identify(config.ACCESS_TOKEN, headers, Date.now()) ?? ipKeyGenerator(socket.remoteAddress ?? ''),
    handler: refuse,
  });

function refuse(request: object, response: Pick<ServerResponse, 'setHeader'>, next: Next): void {
  const { rateLimit: limit } = request as { readonly rateLimit?: { readonly resetTime?: Date } };
  const left = (limit?.resetTime?.getTime() ?? Date.now() + MINUTE) - Date.now();
  const seconds = Math.max(1, Math.ceil(left / SECOND));
  response.setHeader('retry-after', seconds);
  next(
    new ProblemError(
      429,
      'too-many-requests',
      'Too many commands',
      `Send this again in ${seconds} s, and send fewer commands per minute; one command can name thousands of files.`,
    ),
  );
}
