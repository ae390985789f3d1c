import type { ServerResponse } from 'node:http';
import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { z } from 'zod';
import {
  editMediaFileSchema,
  type MediaFileDetail,
  mediaFileDetailSchema,
  type MediaFileRow,
  mediaFileRowSchema,
  mediaFileSchema,
  mediaFileSearchSchema,
  type MediaFileView,
  type MediaLink,
  mediaLinkSchema,
  newMediaFileSchema,
  type Page,
  pageOf,
  queryInteger,
} from '#libs/contracts';
import { Actor } from '../access/actor.decorator.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { pageOfRows, pageQuerySchema, sliceOf } from '../http/page.js';
import { MediaFilesService } from './media-files.service.js';

const LIST = 'media-files';
/** Maximum of a Postgres integer. */
const MAX_INTEGER = 2 ** 31 - 1;
const querySchema = pageQuerySchema.extend({
  guid: z.string().max(128).optional(),
  query: mediaFileSearchSchema.shape.query,
  status: mediaFileSearchSchema.shape.status,
  collection: queryInteger(0, MAX_INTEGER).optional(),
});
const FILE_PROBLEMS = ['media-outside-folders', 'media-missing', 'no-media'] as const;

@Tag('media')
@Controller('api/media-files')
export class MediaFilesController {
  constructor(private readonly service: MediaFilesService) {}

  @Post()
  @Answers({
    summary: 'Register a media file',
    description:
      'The path must be in a media folder after all links are resolved, and the first bytes must match the ' +
      'extension. The duration is read from the headers of MP4, QuickTime and WAVE files; for other files it ' +
      'becomes known when an app has processed the file.',
    links: [{ to: '/api/media-files/{guid}', parameters: { guid: '$response.body#/guid' } }],
    answers: { 200: mediaFileSchema, 201: mediaFileSchema },
    problems: { 409: ['guid-taken'], 422: FILE_PROBLEMS },
  })
  async register(
    @Body({ schema: newMediaFileSchema }) body: z.output<typeof newMediaFileSchema>,
    @Actor() actor: string,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<MediaFileView> {
    const { created, file } = await this.service.register(body, actor);
    response.statusCode = created ? 201 : 200;
    return file;
  }

  @Get()
  @Answers({
    summary: 'Search media files by GUID, title, status and collection',
    description: 'The status of a media file is that of its newest run; drafts do not count.',
    query: {
      guid: 'Only the media file with this GUID.',
      query: 'All words must match the GUID or the title.',
      status: 'Only media files whose newest run has this status.',
      collection: 'Number of a collection: only its media files.',
    },
    links: [{ to: '/api/media-files/{guid}', parameters: { guid: '$response.body#/items/0/guid' } }],
    answers: { 200: pageOf(mediaFileRowSchema) },
    problems: { 400: ['invalid-cursor'], 404: ['unknown-collection'] },
  })
  async list(@Query({ schema: querySchema }) query: z.output<typeof querySchema>): Promise<Page<MediaFileRow>> {
    const slice = sliceOf(LIST, query, Number.MAX_SAFE_INTEGER);
    return pageOfRows(LIST, await this.service.list(slice, query), query, ({ id }) => id);
  }

  @Get(':guid')
  @Answers({
    summary: 'Read a media file with its collections and runs',
    answers: { 200: mediaFileDetailSchema },
    problems: { 404: ['unknown-media-file'] },
  })
  describe(@Param('guid') guid: string): Promise<MediaFileDetail> {
    return this.service.describe(guid);
  }

  @Patch(':guid')
  @Answers({
    summary: 'Change title, path or metadata of a media file',
    answers: { 200: mediaFileDetailSchema },
    problems: { 404: ['unknown-media-file'], 422: FILE_PROBLEMS },
  })
  change(
    @Param('guid') guid: string,
    @Body({ schema: editMediaFileSchema }) body: z.output<typeof editMediaFileSchema>,
    @Actor() actor: string,
  ): Promise<MediaFileDetail> {
    return this.service.change(guid, body, actor);
  }

  @Post(':guid/link')
  @HttpCode(200)
  @Answers({
    summary: 'Create a link that plays a media file for one hour',
    description: 'Everyone who has the link can play the file for one hour, because players send no access token.',
    answers: { 200: mediaLinkSchema },
    problems: { 404: ['unknown-media-file'], 422: ['media-outside-folders', 'media-missing'] },
  })
  link(@Param('guid') guid: string): Promise<MediaLink> {
    return this.service.link(guid);
  }
}
