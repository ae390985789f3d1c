import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import {
  changeCollectionFilesSchema,
  type CollectionChange,
  collectionChangeSchema,
  collectionSchema,
  type CollectionView,
  type CreatedCollection,
  createdCollectionSchema,
  type DeletedCollection,
  deletedCollectionSchema,
  editCollectionSchema,
  type MediaFileRow,
  mediaFileRowSchema,
  newCollectionSchema,
  type Page,
  pageOf,
} from '#libs/contracts';
import { Actor } from '../access/actor.decorator.js';
import { BODY_LIMITS } from '../http/body-limits.js';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { EXAMPLE_GUIDS } from '../http/openapi/example-values.js';
import { FIRST_ID, ID } from '../http/openapi/links.js';
import { Tag } from '../http/openapi/tags.js';
import { pageOfRows, type PageQuery, pageQuerySchema, sliceOf } from '../http/page.js';
import { CollectionsService } from './collections.service.js';

const LIST = 'collections';
const querySchema = pageQuerySchema.extend({ query: z.string().max(200).optional() });
const collectionId = new IdPipe('collection');
const NOT_FOUND = { 404: ['unknown-collection'] } as const;

@Tag('collections')
@Controller('api/collections')
export class CollectionsController {
  constructor(private readonly service: CollectionsService) {}

  @Post()
  @Answers({
    summary: 'Create a collection, empty or from GUIDs, a search or an import',
    description:
      'A collection from GUIDs contains those that are registered; the response lists the others. A source must contain ' +
      'at least one registered media file.',
    limit: BODY_LIMITS.guids,
    examples: {
      files: { name: 'News of 1987', files: EXAMPLE_GUIDS },
      search: { name: 'Failed so far', search: { status: 'failed' } },
      import: { name: 'The table of May', import: 1 },
      empty: { name: 'To be filled' },
    },
    links: [{ to: '/api/collections/{id}', parameters: ID }],
    answers: { 201: createdCollectionSchema },
    problems: {
      404: ['unknown-collection', 'unknown-import'],
      409: ['collection-name-taken'],
      422: ['unknown-files', 'nothing-found'],
    },
  })
  create(
    @Body({ schema: newCollectionSchema }) body: z.output<typeof newCollectionSchema>,
    @Actor() actor: string,
  ): Promise<CreatedCollection> {
    return this.service.create(body, actor);
  }

  @Get()
  @Answers({
    summary: 'List collections, newest first',
    query: { query: 'Part of the name; case does not matter.' },
    links: [{ to: '/api/collections/{id}', parameters: FIRST_ID }],
    answers: { 200: pageOf(collectionSchema) },
    problems: { 400: ['invalid-cursor'] },
  })
  async list(@Query({ schema: querySchema }) query: z.output<typeof querySchema>): Promise<Page<CollectionView>> {
    return pageOfRows(LIST, await this.service.list(sliceOf(LIST, query), query.query), query, ({ id }) => id);
  }

  @Get(':id')
  @Answers({ summary: 'Read a collection', answers: { 200: collectionSchema }, problems: NOT_FOUND })
  find(@Param('id', collectionId) id: number): Promise<CollectionView> {
    return this.service.find(id);
  }

  @Patch(':id')
  @Answers({
    summary: 'Rename or describe a collection',
    answers: { 200: collectionSchema },
    problems: { ...NOT_FOUND, 409: ['collection-name-taken'] },
  })
  change(
    @Param('id', collectionId) id: number,
    @Body({ schema: editCollectionSchema }) body: z.output<typeof editCollectionSchema>,
    @Actor() actor: string,
  ): Promise<CollectionView> {
    return this.service.change(id, body, actor);
  }

  @Delete(':id')
  @Answers({
    summary: 'Delete a collection and keep its media files',
    answers: { 200: deletedCollectionSchema },
    problems: NOT_FOUND,
  })
  remove(@Param('id', collectionId) id: number, @Actor() actor: string): Promise<DeletedCollection> {
    return this.service.remove(id, actor);
  }

  @Get(':id/files')
  @Answers({
    summary: 'List the media files of a collection',
    answers: { 200: pageOf(mediaFileRowSchema) },
    problems: { ...NOT_FOUND, 400: ['invalid-cursor'] },
  })
  async listFiles(
    @Param('id', collectionId) id: number,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<MediaFileRow>> {
    const list = `${LIST}/${id}/files`;
    const slice = sliceOf(list, query, Number.MAX_SAFE_INTEGER);
    return pageOfRows(list, await this.service.listFiles(id, slice), query, (file) => file.id);
  }

  @Post(':id/files')
  @HttpCode(200)
  @Answers({
    summary: 'Add media files to a collection, and remove others',
    limit: BODY_LIMITS.guids,
    answers: { 200: collectionChangeSchema },
    problems: NOT_FOUND,
  })
  changeFiles(
    @Param('id', collectionId) id: number,
    @Body({ schema: changeCollectionFilesSchema }) body: z.output<typeof changeCollectionFilesSchema>,
    @Actor() actor: string,
  ): Promise<CollectionChange> {
    return this.service.changeFiles(id, body, actor);
  }
}
