import { Controller, Get, Param, type PipeTransform, Query } from '@nestjs/common';
import {
  type ErrorGroupDetail,
  errorGroupDetailSchema,
  type ErrorGroupRow,
  errorGroupRowSchema,
  type Page,
  pageOf,
} from '#libs/contracts';
import { ErrorGroupListRepository } from '#libs/database';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { pageOfRows, type PageQuery, pageQuerySchema, sliceOf } from '../http/page.js';
import { unknown } from '../http/problem-error.js';
import { unstorablePath } from '../http/unstorable-path.js';

const batchId = new IdPipe('batch');

/** A fingerprint in a path. A malformed one is 404, like any unknown error group. */
const fingerprintOf: PipeTransform<string, string> = {
  transform: (text) => {
    if (unstorablePath(text)) throw unknown('error group', 'with this fingerprint');
    return text;
  },
};

/** Failures of a batch, grouped by similarity. */
@Tag('runs')
@Controller('api/batches')
export class BatchErrorsController {
  constructor(private readonly groups: ErrorGroupListRepository) {}

  @Get(':id/errors')
  @Answers({
    summary: 'List the error groups of a batch, largest first',
    links: [
      {
        to: '/api/batches/{id}/errors/{index}/{fingerprint}',
        parameters: {
          id: '$request.path.id',
          index: '$response.body#/items/0/index',
          fingerprint: '$response.body#/items/0/fingerprint',
        },
      },
    ],
    answers: { 200: pageOf(errorGroupRowSchema) },
    problems: { 400: ['invalid-request', 'invalid-cursor'], 404: ['unknown-batch'] },
  })
  async list(
    @Param('id', batchId) id: number,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<ErrorGroupRow>> {
    const list = `batches/${id}/errors`;
    const slice = sliceOf(list, query);
    const groups = await this.groups.ofBatch(id, slice);
    if (!groups) throw unknown('batch', id);
    return pageOfRows(list, groups, query, () => (slice.after ?? 0) + query.limit);
  }

  @Get(':id/errors/:index/:fingerprint')
  @Answers({
    summary: 'Read an error group with a trace and its first files',
    answers: { 200: errorGroupDetailSchema },
    problems: { 404: ['unknown-batch', 'unknown-stage', 'unknown-error-group'] },
  })
  async find(
    @Param('id', batchId) id: number,
    @Param('index', new IdPipe('stage')) index: number,
    @Param('fingerprint', fingerprintOf) fingerprint: string,
  ): Promise<ErrorGroupDetail> {
    const group = await this.groups.find(id, index, fingerprint);
    if (!group) throw unknown('error group', `"${fingerprint.slice(0, 100)}" at stage ${index} of batch ${id}`);
    return group;
  }
}
