import type { ServerResponse } from 'node:http';
import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import { z } from 'zod';
import { type MediaFileView, newMediaFileSchema, type Page } from '#libs/contracts';
import { MediaFilesRepository } from '#libs/database';
import { pageOfRows, pageQuerySchema, sliceOf } from '../http/page.js';
import { MediaFilesService } from './media-files.service.js';

const LIST = 'media-files';
const querySchema = pageQuerySchema.extend({ guid: z.string().max(128).optional() });

@Controller('api/media-files')
export class MediaFilesController {
  constructor(
    private readonly service: MediaFilesService,
    private readonly repository: MediaFilesRepository,
  ) {}

  @Post()
  async register(
    @Body({ schema: newMediaFileSchema }) body: z.output<typeof newMediaFileSchema>,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<MediaFileView> {
    const { created, file } = await this.service.register(body);
    response.statusCode = created ? 201 : 200;
    return file;
  }

  @Get()
  async list(@Query({ schema: querySchema }) query: z.output<typeof querySchema>): Promise<Page<MediaFileView>> {
    const files = await this.repository.list(sliceOf(LIST, query, Number.MAX_SAFE_INTEGER), query.guid);
    return pageOfRows(LIST, files, query, ({ id }) => id);
  }
}
