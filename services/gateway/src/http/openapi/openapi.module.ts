import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ApiRoutes } from './api-routes.js';
import { DocsController } from './docs.controller.js';
import { OpenApiController } from './openapi.controller.js';
import { ProblemsController } from './problems.controller.js';

/** OpenAPI document, its pages, and the explanations of problem types. */
@Module({
  imports: [DiscoveryModule],
  controllers: [OpenApiController, DocsController, ProblemsController],
  providers: [ApiRoutes],
  exports: [ApiRoutes],
})
export class OpenApiModule {}
