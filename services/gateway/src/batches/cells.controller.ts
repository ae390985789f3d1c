import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { CELLS_VERSION_HEADER } from '#libs/contracts';
import { CellsRepository } from '#libs/database';
import { acceptsGzip } from '../http/conditional-requests.js';
import { entityTag, isKnownToClient } from '../http/conditional-requests.js';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { unknown } from '../http/problem-error.js';
import { CellSnapshots } from './cell-snapshots.js';

const tagOf = (batch: number, version: number): string => entityTag(`${batch}-${version}`);

/** The grid of a batch as bytes. Both forms, plain and gzip, have the same weak entity tag: batch and version. */
@Tag('runs')
@Controller('api/batches')
export class CellsController {
  constructor(
    private readonly cells: CellsRepository,
    private readonly snapshots: CellSnapshots,
  ) {}

  @Get(':id/cells')
  @Answers({
    summary: 'Read the grid of a batch: one byte per file and stage',
    answers: {
      200: {
        type: 'application/octet-stream',
        description: 'Packed states; the header X-Version contains the version of the batch.',
      },
      304: null,
    },
  })
  async read(
    @Param('id', new IdPipe('batch')) id: number,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const version = await this.cells.version(id);
    if (version === null) throw unknown('batch', id);
    response.setHeader('cache-control', 'private, no-cache');
    response.setHeader('vary', 'Accept-Encoding');
    if (isKnownToClient(request, tagOf(id, version))) {
      response.writeHead(304, { etag: tagOf(id, version), [CELLS_VERSION_HEADER]: version });
      response.end();
      return;
    }
    const snapshot = await this.snapshots.atLeast(id, version);
    if (!snapshot) throw unknown('batch', id);
    response.setHeader('content-type', 'application/octet-stream');
    response.setHeader('etag', tagOf(id, snapshot.version));
    response.setHeader(CELLS_VERSION_HEADER, snapshot.version);
    if (!acceptsGzip(request)) {
      response.end(snapshot.bytes);
      return;
    }
    response.setHeader('content-encoding', 'gzip');
    response.end(snapshot.gzip);
  }
}
