import { Controller, Get } from '@nestjs/common';
import type { oas31 } from 'zod-openapi';
import { z } from 'zod';
import { productVersion } from '../../product-version.js';
import { Answers } from './answers.decorator.js';
import { Tag } from './tags.js';
import { ApiRoutes } from './api-routes.js';
import { openApiDocument } from './document.js';

const documentSchema = z.looseObject({ openapi: z.string(), paths: z.looseObject({}) });

/** The OpenAPI document, built at the first request. */
@Tag('interface')
@Controller('api/openapi.json')
export class OpenApiController {
  private document: oas31.OpenAPIObject | undefined;

  constructor(private readonly routes: ApiRoutes) {}

  @Get()
  @Answers({ summary: 'Read the OpenAPI document of this interface', answers: { 200: documentSchema } })
  read(): oas31.OpenAPIObject {
    this.document ??= openApiDocument(this.routes.list(), productVersion());
    return this.document;
  }
}
