import type { ServerResponse } from 'node:http';
import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import { z } from 'zod';
import { mediaFileSchema, type MediaFileView, newMediaFileSchema, type Page, pageOf } from '#libs/contracts';
import { MediaFilesRepository } from '#libs/database';
import { Answers } from '../http/openapi/answers.decorator.js';
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
  @Answers({
    summary: 'Register a media file',
    answers: { 200: mediaFileSchema, 201: mediaFileSchema },
    problems: { 409: ['guid-taken'], 422: ['media-outside-folders', 'media-missing', 'no-media'] },
  })
  async register(
    @Body({ schema: newMediaFileSchema }) body: z.output<typeof newMediaFileSchema>,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<MediaFileView> {
    const { created, file } = await this.service.register(body);
    response.statusCode = created ? 201 : 200;
    return file;
  }

  @Get()
  @Answers({
    summary: 'List media files',
    answers: { 200: pageOf(mediaFileSchema) },
    problems: { 400: ['invalid-cursor'] },
  })
  async list(@Query({ schema: querySchema }) query: z.output<typeof querySchema>): Promise<Page<MediaFileView>> {
    const files = await this.repository.list(sliceOf(LIST, query, Number.MAX_SAFE_INTEGER), query.guid);
    return pageOfRows(LIST, files, query, ({ id }) => id);
  }
}
