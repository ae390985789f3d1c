import type { ServerResponse } from 'node:http';
import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { z } from 'zod';
import {
  appChangesSchema,
  type AppDetailView,
  appDetailSchema,
  type AppHealthView,
  appHealthSchema,
  appSchema,
  type AppView,
  newAppSchema,
  type Page,
  pageOf,
  type RefreshedAppView,
  refreshAppSchema,
  refreshedAppSchema,
  type RegisteredAppView,
  registeredAppSchema,
} from '#libs/contracts';
import { Actor } from '../access/actor.decorator.js';
import { appSlugPipe } from '../http/app-slug.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { pageOfRows, type PageQuery, pageQuerySchema, sliceOf } from '../http/page.js';
import { AppHealth } from './app-health.js';
import { AppsService } from './apps.service.js';
import { type PrefetchedApp, PrefetchedAppGuard } from './prefetched-app.guard.js';

const LIST = 'apps';

/** A request whose app the guard may have read. */
interface AppRequest {
  readonly prefetchedApp?: PrefetchedApp;
}

@Tag('apps')
@Controller('api/apps')
export class AppsController {
  constructor(
    private readonly service: AppsService,
    private readonly health: AppHealth,
  ) {}

  @UseGuards(PrefetchedAppGuard)
  @Post()
  @Answers({
    summary: 'Register an app by its URL, or update its registration',
    links: [{ to: '/api/apps/{slug}', parameters: { slug: '$response.body#/slug' } }],
    answers: { 200: registeredAppSchema, 201: registeredAppSchema },
    problems: { 409: ['app-registered-elsewhere'], 422: ['app-host-not-allowed', 'no-app'] },
  })
  async register(
    @Body({ schema: newAppSchema }) body: z.output<typeof newAppSchema>,
    @Actor() actor: string,
    @Req() { prefetchedApp }: AppRequest,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<RegisteredAppView> {
    const { created, app } = await this.service.register(body, actor, prefetchedApp);
    response.statusCode = created ? 201 : 200;
    return app;
  }

  @Get()
  @Answers({
    summary: 'List apps',
    links: [{ to: '/api/apps/{slug}', parameters: { slug: '$response.body#/items/0/slug' } }],
    answers: { 200: pageOf(appSchema) },
  })
  async list(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<AppView>> {
    return pageOfRows(LIST, await this.service.list(sliceOf(LIST, query)), query, ({ id }) => id);
  }

  @Get(':slug')
  @Answers({
    summary: 'Show an app with its parameters, input and output',
    answers: { 200: appDetailSchema },
    problems: { 404: ['unknown-app'] },
  })
  find(@Param('slug', appSlugPipe) slug: string): Promise<AppDetailView> {
    return this.service.find(slug);
  }

  @Patch(':slug')
  @Answers({
    summary: 'Change the settings of an app',
    description:
      'A change takes effect without a restart: concurrency within a second, the deadline for runs that enter the app ' +
      'from now on, the retry policy from the next failure. Saved pipeline versions are not affected.',
    examples: {
      concurrency: { concurrency: 2, deadlineSeconds: 3600 },
      retry: { retry: { unreachable: { attempts: 5, delaySeconds: 30 } } },
      disable: { enabled: false },
    },
    answers: { 200: appSchema },
    problems: { 404: ['unknown-app'] },
  })
  change(
    @Param('slug', appSlugPipe) slug: string,
    @Body({ schema: appChangesSchema }) changes: z.output<typeof appChangesSchema>,
    @Actor() actor: string,
  ): Promise<AppView> {
    return this.service.change(slug, changes, actor);
  }

  @UseGuards(PrefetchedAppGuard)
  @Post(':slug/refresh')
  @HttpCode(200)
  @Answers({
    summary: 'Fetch the metadata of an app again, and show what has changed',
    answers: { 200: refreshedAppSchema },
    problems: { 404: ['unknown-app'], 409: ['another-app'], 422: ['app-host-not-allowed', 'no-app'] },
  })
  refresh(
    @Param('slug', appSlugPipe) slug: string,
    @Body({ schema: refreshAppSchema }) body: z.output<typeof refreshAppSchema>,
    @Actor() actor: string,
    @Req() { prefetchedApp }: AppRequest,
  ): Promise<RefreshedAppView> {
    return this.service.refresh(slug, body, { actor, prefetched: prefetchedApp });
  }

  @Get(':slug/health')
  @Answers({
    summary: 'Show whether an app responds, its load, and the results of its last calls',
    answers: { 200: appHealthSchema },
    problems: { 404: ['unknown-app'] },
  })
  healthOf(@Param('slug', appSlugPipe) slug: string): Promise<AppHealthView> {
    return this.health.of(slug);
  }
}
