import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { identify } from '#libs/runtime';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import type { ApiRequest } from '../http/api-request.js';
import { unauthorized } from './access-rules.js';
import { Public } from '../http/public.decorator.js';

/** Admits requests with the access token or a session, and sets `actor`. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.reflector.get(Public, context.getClass())) return true;
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const actor = identify(this.config.ACCESS_TOKEN, request.headers, Date.now());
    if (actor === null) throw unauthorized();
    request.actor = actor;
    return true;
  }
}
