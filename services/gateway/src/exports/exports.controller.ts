import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { ExportFormat } from '#libs/contracts';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { BatchExportService } from './batch-export.service.js';
import {
  type BatchExportQuery,
  type RunExportQuery,
  batchExportQuerySchema,
  runExportQuerySchema,
} from './export-queries.js';
import { RunExportService } from './run-export.service.js';

const TYPES: Readonly<Record<ExportFormat, string>> = {
  mmif: 'application/json',
  vtt: 'text/vtt; charset=utf-8',
  srt: 'application/x-subrip; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
};

/** Downloads of documents. */
@Tag('documents')
@Controller('api')
export class ExportsController {
  constructor(
    private readonly runs: RunExportService,
    private readonly batches: BatchExportService,
  ) {}

  @Get('runs/:id/export')
  @Answers({
    summary: 'Export the document of a run as MMIF, subtitles, text or a table',
    query: { format: 'Format of the file.', stage: 'Index of a stage, from 0. Default: the last stage.' },
    answers: {
      200: { type: Object.values(TYPES), description: 'The file in the requested format.' },
    },
    problems: {
      404: ['unknown-run', 'unknown-stage'],
      409: ['no-document-yet'],
      410: ['document-removed'],
      422: ['nothing-to-export'],
      503: ['exports-busy'],
    },
  })
  async run(
    @Param('id', new IdPipe('run', Number.MAX_SAFE_INTEGER)) id: number,
    @Query({ schema: runExportQuerySchema }) query: RunExportQuery,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const { name, bytes } = await this.runs.of(id, query);
    response.writeHead(200, {
      'content-type': TYPES[query.format],
      'content-length': bytes.length,
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'private, no-cache',
    });
    response.end(bytes);
  }

  @Get('batches/:id/export')
  @Answers({
    summary: 'Export the documents of a batch as a zip file with a manifest',
    description:
      'The zip file is created while it is sent, from the state of the runs at the start of the request. A ' +
      'document that is missing or damaged is a line of the manifest, with the reason.',
    query: {
      formats: 'Formats in the zip file, separated by commas.',
      stages: '`final`: the newest document of each run; `all`: the documents of all its stages.',
    },
    answers: {
      200: {
        type: 'application/zip',
        description:
          'One file for each run, format and stage, then manifest.csv and manifest.json. They list every run with its ' +
          'files and their sha256, or with the reason why a file is missing.',
      },
    },
    problems: { 404: ['unknown-batch'], 409: ['nothing-to-export'], 503: ['exports-busy'] },
  })
  batch(
    @Param('id', new IdPipe('batch')) id: number,
    @Query({ schema: batchExportQuerySchema }) query: BatchExportQuery,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    return this.batches.send(id, query, response, request.method !== 'HEAD');
  }
}
