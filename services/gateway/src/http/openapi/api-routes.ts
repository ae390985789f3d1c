import { Injectable, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type ApiRoute, routesOf } from './api-route.js';

/** Lists all routes of the gateway. */
@Injectable()
export class ApiRoutes {
  constructor(private readonly discovery: DiscoveryService) {}

  list(): ApiRoute[] {
    const controllers = this.discovery.getControllers().flatMap(({ metatype }) => (metatype ? [metatype as Type] : []));
    return [...new Set(controllers)].flatMap(routesOf);
  }
}
