import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { displayIndexSchema, mmifSummarySchema } from '#libs/contracts';
import { acceptsGzip } from '../http/conditional-requests.js';
import { entityTag, isKnownToClient } from '../http/conditional-requests.js';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { ProblemError } from '../http/problem-error.js';
import { productVersion } from '../product-version.js';
import { type DocumentQuery, documentQuerySchema } from './document-query.js';
import type { ViewKind } from './document-view.js';
import { DocumentViews } from './document-views.js';
import { StageDocuments, type StageOutput } from './stage-documents.js';

const decompress = promisify(gunzip);
const runId = new IdPipe('run', Number.MAX_SAFE_INTEGER);
const stageIndex = new IdPipe('stage');
const PROBLEMS = {
  400: ['invalid-request'],
  404: ['no-document'],
  410: ['document-removed'],
  422: ['unreadable-document'],
  503: ['documents-busy'],
} as const;

/** A request and its response. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Views of documents, for clients that do not need the whole document. */
@Tag('documents')
@Controller('api/runs')
export class DocumentViewsController {
  private readonly version = productVersion();

  constructor(
    private readonly documents: StageDocuments,
    private readonly views: DocumentViews,
  ) {}

  @Get(':id/stages/:index/summary')
  @Answers({
    summary: 'Summarise the document of a stage',
    answers: { 200: mmifSummarySchema, 304: null },
    problems: PROBLEMS,
  })
  summary(
    @Param('id', runId) run: number,
    @Param('index', stageIndex) index: number,
    @Query({ schema: documentQuerySchema }) { attempt }: DocumentQuery,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    return this.send('summary', { run, index, attempt }, { request, response });
  }

  @Get(':id/stages/:index/index')
  @Answers({
    summary: 'Read the display index of the document of a stage: lanes, texts and alignments to show beside the media',
    answers: { 200: displayIndexSchema, 304: null },
    problems: PROBLEMS,
  })
  index(
    @Param('id', runId) run: number,
    @Param('index', stageIndex) index: number,
    @Query({ schema: documentQuerySchema }) { attempt }: DocumentQuery,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    return this.send('index', { run, index, attempt }, { request, response });
  }

  private async send(kind: ViewKind, output: StageOutput, { request, response }: Exchange): Promise<void> {
    const document = await this.documents.find(output);
    // Another version of Chowda may create a different view of the same document.
    const etag = entityTag(`${document.sha256}-${kind}-${this.version}`);
    const headers = { etag, 'cache-control': 'private, no-cache', vary: 'Accept-Encoding' };
    if (isKnownToClient(request, etag)) {
      response.writeHead(304, headers);
      response.end();
      return;
    }
    const read = () => this.documents.read(output, document);
    const view = await this.views.of({ ...document, read }, kind);
    if ('unreadable' in view) throw unreadable(output, view.unreadable);
    const isGzip = acceptsGzip(request);
    const body = isGzip ? view.gzip : await decompress(view.gzip);
    response.writeHead(200, {
      ...headers,
      'content-type': 'application/json; charset=utf-8',
      'content-length': body.length,
      ...(isGzip ? { 'content-encoding': 'gzip' } : {}),
    });
    response.end(body);
  }
}

const unreadable = ({ run, index }: StageOutput, why: string) =>
  new ProblemError(
    422,
    'unreadable-document',
    'The document cannot be read',
    `The document of stage ${index} of run ${run} cannot be read as MMIF: ${why.charAt(0).toLowerCase()}${why.slice(1)} ` +
      'Download it to inspect it.',
  );
