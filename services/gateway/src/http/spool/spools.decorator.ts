import type { ServerResponse } from 'node:http';
import {
  applyDecorators,
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  mixin,
  UseGuards,
} from '@nestjs/common';
import { type ApiRequest, pathOf } from '../api-request.js';
import { bodyLimitOf } from '../body-limits.js';
import { removeSpooled, spool, type SpooledBody } from './spooled-body.js';

/**
 * Puts the body of a route into a temporary file, for as long as the request lasts. A guard, so that it is there
 * before any interceptor, and only for those whom the guards before have let in.
 * Its path stands in the table of limits.
 */
export const Spools = (): MethodDecorator => {
  @Injectable()
  class SpoolGuard implements CanActivate {
    async canActivate(context: ExecutionContext): Promise<true> {
      const request = context.switchToHttp().getRequest<ApiRequest>();
      const { path } = (request.spooled = await spool(request, bodyLimitOf(pathOf({ url: request.originalUrl }))));
      const response = context.switchToHttp().getResponse<ServerResponse>();
      const remove = () => void removeSpooled(path);
      if (response.destroyed || response.closed) remove();
      else response.once('close', remove);
      return true;
    }
  }
  return applyDecorators(UseGuards(mixin(SpoolGuard)));
};

/** The spooled body of a route that `Spools`. */
export const Spooled = createParamDecorator(
  (_data: unknown, context: ExecutionContext): SpooledBody | undefined =>
    context.switchToHttp().getRequest<ApiRequest>().spooled,
);
