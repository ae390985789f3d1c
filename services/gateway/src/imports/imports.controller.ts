import type { ServerResponse } from 'node:http';
import { Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { z } from 'zod';
import {
  type ImportLine,
  importLineSchema,
  type ImportReport,
  importReportSchema,
  importResultSchema,
  newImportSchema,
  type Page,
  pageOf,
} from '#libs/contracts';
import { Actor } from '../access/actor.decorator.js';
import { BODY_LIMITS } from '../http/body-limits.js';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { EXAMPLE_GUIDS } from '../http/openapi/example-values.js';
import { Tag } from '../http/openapi/tags.js';
import { pageOfRows, pageQuerySchema, sliceOf } from '../http/page.js';
import { queryFlag } from '../http/query-flag.js';
import type { SpooledBody } from '../http/spool/spooled-body.js';
import { Spooled, Spools } from '../http/spool/spools.decorator.js';
import { OneByOne } from '../http/one-by-one/one-by-one.interceptor.js';
import { shownLine } from './import-tally.js';
import { ImportsService } from './imports.service.js';

const importQuerySchema = z.strictObject({
  dryRun: queryFlag('Reports what would happen and changes nothing.'),
  update: queryFlag('Also changes media files that are already registered.'),
});
const linesQuerySchema = pageQuerySchema.extend({ result: importResultSchema.optional() });
const importId = new IdPipe('import');

/** Imports of media files from lists and folders. */
@Tag('media')
@Controller('api')
export class ImportsController {
  constructor(private readonly service: ImportsService) {}

  @Post('media-files/imports')
  @OneByOne(true)
  @Spools(BODY_LIMITS.table)
  @Answers({
    summary: 'Import media files from a table, a list of GUIDs or a folder',
    description:
      'Reports for each line whether the media file was added, already existed, is a duplicate, is unknown or ' +
      'is doubtful, and why. The import is one transaction; `dryRun` follows the same path without writing. ' +
      'Imports run one at a time. A file without a path is searched by name in the media folders: one match is ' +
      'used, several are doubtful. Reports are kept for 90 days.',
    examples: {
      guids: { guids: EXAMPLE_GUIDS },
      files: {
        files: [
          { guid: EXAMPLE_GUIDS[0], title: 'Evening news, 12 May 1987', path: 'news/1987-05-12.mp4', series: 'News' },
        ],
      },
      folder: { folder: '/media/news' },
    },
    links: [{ to: '/api/imports/{id}', parameters: { id: '$response.body#/import' } }],
    bodies: {
      'text/csv':
        'A table with a column "GUID" and, optionally, "title" and "path"; other columns are stored as metadata.',
      'text/plain': 'GUIDs, separated by line breaks, spaces or commas.',
      'application/json': newImportSchema,
    },
    answers: { 200: importReportSchema, 201: importReportSchema },
    problems: {
      413: ['too-large', 'too-many-lines'],
      415: ['no-import', 'unsupported-encoding'],
      422: [
        'no-text',
        'no-guid-column',
        'unreadable-csv',
        'empty-import',
        'media-outside-folders',
        'media-missing',
        'no-folder',
      ],
      503: ['too-many-at-once'],
    },
  })
  async import(
    @Spooled() body: SpooledBody,
    @Headers('content-type') contentType: string | undefined,
    @Query({ schema: importQuerySchema }) query: z.output<typeof importQuerySchema>,
    @Actor() actor: string,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<ImportReport> {
    const report = await this.service.import(body, contentType ?? '', query, actor);
    response.statusCode = report.dryRun ? 200 : 201;
    return report;
  }

  @Get('imports/:id')
  @Answers({
    summary: 'Read the report of an import',
    answers: { 200: importReportSchema },
    problems: { 404: ['unknown-import'] },
  })
  find(@Param('id', importId) id: number): Promise<ImportReport> {
    return this.service.find(id);
  }

  @Get('imports/:id/lines')
  @Answers({
    summary: 'List the lines of an import',
    query: { result: 'Only lines with this result.' },
    answers: { 200: pageOf(importLineSchema) },
    problems: { 400: ['invalid-cursor'], 404: ['unknown-import'] },
  })
  async lines(
    @Param('id', importId) id: number,
    @Query({ schema: linesQuerySchema }) query: z.output<typeof linesQuerySchema>,
  ): Promise<Page<ImportLine>> {
    const list = `imports/${id}/lines`;
    const rows = await this.service.lines(id, sliceOf(list, query), query.result);
    const { items, next } = pageOfRows(list, rows, query, ({ n }) => n);
    return { items: items.map(shownLine), next };
  }
}
