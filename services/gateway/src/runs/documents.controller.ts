import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import { DocumentsRepository } from '#libs/database';
import { acceptsGzip } from '../http/accepts-gzip.js';
import { entityTag, isKnownToClient } from '../http/entity-tag.js';
import { IdPipe } from '../http/id.pipe.js';
import { ProblemError } from '../http/problem-error.js';
import { documentQuerySchema } from './document-query.js';

const decompress = promisify(gunzip);

const querySchema = documentQuerySchema.extend({
  /** "1" gives it a file name. */
  download: z.string().optional(),
});

/** MMIF as the apps have written it: the bytes are never parsed on their way out. */
@Controller('api/runs')
export class DocumentsController {
  constructor(private readonly documents: DocumentsRepository) {}

  @Get(':id/stages/:index/document')
  async read(
    @Param('id', new IdPipe('run', Number.MAX_SAFE_INTEGER)) run: number,
    @Param('index', new IdPipe('stage')) index: number,
    @Query({ schema: querySchema }) { attempt, download }: z.output<typeof querySchema>,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const document = await this.documents.ofStage(run, index, attempt ?? null);
    if (!document) throw noDocument(run, index);
    const etag = entityTag(document.sha256);
    response.setHeader('etag', etag);
    response.setHeader('cache-control', 'private, no-cache');
    response.setHeader('vary', 'Accept-Encoding');
    if (isKnownToClient(request, etag)) {
      response.writeHead(304);
      response.end();
      return;
    }
    const { encoding, content } = await this.documents.content(document.sha256);
    response.setHeader('content-type', 'application/json');
    if (download === '1') {
      const name = `${document.guid}_${index}_${document.app}.mmif`;
      response.setHeader('content-disposition', `attachment; filename="${name}"`);
    }
    if (encoding === 'gzip' && acceptsGzip(request)) response.setHeader('content-encoding', 'gzip');
    const isPassedOn = encoding === 'identity' || response.hasHeader('content-encoding');
    response.end(isPassedOn ? content : await decompress(content));
  }
}

const noDocument = (run: number, index: number) =>
  new ProblemError(
    404,
    'no-document',
    'No document',
    `Stage ${index} of run ${run} has no document: it is not done, or there is no such stage. Look at the run's stages.`,
  );
