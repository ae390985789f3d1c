import type { ServerResponse } from 'node:http';
import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { z } from 'zod';
import { type AppDetailView, type AppView, newAppSchema, type Page, type RegisteredAppView } from '#libs/contracts';
import { AppsRepository } from '#libs/database';
import { pageOfRows, type PageQuery, pageQuerySchema, sliceOf } from '../http/page.js';
import { unknown } from '../http/problem-error.js';
import { appDetail } from './app-detail.js';
import { AppsService } from './apps.service.js';

const LIST = 'apps';

@Controller('api/apps')
export class AppsController {
  constructor(
    private readonly service: AppsService,
    private readonly repository: AppsRepository,
  ) {}

  @Post()
  async register(
    @Body({ schema: newAppSchema }) body: z.output<typeof newAppSchema>,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<RegisteredAppView> {
    const { created, app } = await this.service.register(body);
    response.statusCode = created ? 201 : 200;
    return app;
  }

  @Get(':slug')
  async find(@Param('slug') slug: string): Promise<AppDetailView> {
    const found = await this.repository.find(slug);
    if (!found) throw unknown('app', slug.slice(0, 100));
    return appDetail(found.app, found.metadata);
  }

  @Get()
  async list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<AppView>> {
    return pageOfRows(LIST, await this.repository.list(sliceOf(LIST, query)), query, ({ id }) => id);
  }
}
