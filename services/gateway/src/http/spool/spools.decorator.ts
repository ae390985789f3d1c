import type { ServerResponse } from 'node:http';
import {
  applyDecorators,
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  mixin,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import type { ApiRequest } from '../api-request.js';
import type { BodyLimit } from '../body-limits.js';
import { removeSpooled, spool, type SpooledBody } from './spooled-body.js';

export const SPOOL_LIMIT = 'chowda:spool-limit';

/**
 * Writes the body of a route to a temporary file, which is deleted when the response is finished; no parser reads it.
 * This is a guard because guards run before interceptors, and after the access guard, so that only authenticated
 * requests are written.
 */
export const Spools = (limit: BodyLimit): MethodDecorator => {
  @Injectable()
  class SpoolGuard implements CanActivate {
    async canActivate(context: ExecutionContext): Promise<true> {
      const request = context.switchToHttp().getRequest<ApiRequest>();
      const { path } = (request.spooled = await spool(request, limit));
      const response = context.switchToHttp().getResponse<ServerResponse>();
      const remove = () => void removeSpooled(path);
      if (response.destroyed || response.closed) remove();
      else response.once('close', remove);
      return true;
    }
  }
  return applyDecorators(SetMetadata(SPOOL_LIMIT, limit), UseGuards(mixin(SpoolGuard)));
};

/** The body of a route that `Spools`. */
export const Spooled = createParamDecorator(
  (_data: unknown, context: ExecutionContext): SpooledBody | undefined =>
    context.switchToHttp().getRequest<ApiRequest>().spooled,
);
