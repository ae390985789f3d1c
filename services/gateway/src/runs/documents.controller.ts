import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { documentQuerySchema } from './document-query.js';
import { DOCUMENT_ANSWERS, respondWithDocument } from './respond-with-document.js';
import { StageDocuments } from './stage-documents.js';

const querySchema = documentQuerySchema.extend({
  download: z.string().optional(),
});

/** MMIF documents byte for byte as the apps wrote them; they are never parsed on the way to the client. */
@Tag('documents')
@Controller('api/runs')
export class DocumentsController {
  constructor(private readonly documents: StageDocuments) {}

  @Get(':id/stages/:index/document')
  @Answers({
    summary: 'Read the MMIF output of a stage, or part of it',
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
    @Param('index', new IdPipe('stage')) index: number,
    @Query({ schema: querySchema }) { attempt, download }: z.output<typeof querySchema>,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const output = { run, index, attempt };
    const document = await this.documents.find(output);
    const name = `${document.guid}_${index}_${document.app}.mmif`;
    await respondWithDocument(request, response, document, {
      download: download === '1' ? name : null,
      read: async () => (await this.documents.read(output, document)).content,
    });
  }
}
