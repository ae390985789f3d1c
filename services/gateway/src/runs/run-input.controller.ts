import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import { DocumentsRepository } from '#libs/database';
import { buildSourceMmif } from '#libs/mmif';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { ProblemError } from '../http/problem-error.js';
import { DOCUMENT_ANSWERS, respondWithDocument } from './respond-with-document.js';

const querySchema = z.strictObject({ download: z.string().optional() });

/** The MMIF documents with which runs begin. */
@Tag('documents')
@Controller('api/runs')
export class RunInputController {
  constructor(private readonly documents: DocumentsRepository) {}

  @Get(':id/input')
  @Answers({
    summary: 'Read the MMIF document with which a run begins, or part of it',
    query: { download: '`1` sends a file name, so that a browser saves the document.' },
    answers: DOCUMENT_ANSWERS,
    problems: {
      400: ['invalid-request'],
      404: ['no-document'],
      410: ['document-removed'],
      416: ['range-not-satisfiable'],
    },
  })
  async read(
    @Param('id', new IdPipe('run', Number.MAX_SAFE_INTEGER)) run: number,
    @Query({ schema: querySchema }) { download }: z.output<typeof querySchema>,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const input = await this.documents.inputOf(run);
    if (input === null) throw noInput(run);
    if (input === 'removed') throw removed(run);
    const { guid, document, source } = input;
    const name = download === '1' ? `${guid}_input.mmif` : null;
    if (document) {
      const read = async () => {
        const stored = await this.documents.find(document.sha256);
        if (!stored) throw removed(run);
        return stored.content;
      };
      return respondWithDocument(request, response, document, { download: name, read });
    }
    // The scheduler builds the same bytes when it admits the run.
    const content = Buffer.from(buildSourceMmif(source, { vocabulary: source.vocabulary }));
    const built = {
      sha256: createHash('sha256').update(content).digest('hex'),
      bytes: content.length,
      encoding: 'identity' as const,
      storedBytes: content.length,
    };
    return respondWithDocument(request, response, built, { download: name, read: () => Promise.resolve(content) });
  }
}

const noInput = (run: number) =>
  new ProblemError(
    404,
    'no-document',
    'No document',
    `Run ${run} has no input: there is no such run, or its batch chooses the inputs when it is started. ` +
      'Check the run, and start its batch.',
  );

const removed = (run: number) =>
  new ProblemError(
    410,
    'document-removed',
    'The document was removed',
    `The document with which run ${run} began was removed by the retention rule of a batch.`,
  );
