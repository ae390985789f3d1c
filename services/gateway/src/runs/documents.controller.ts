import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { ProblemError } from '../http/problem-error.js';
import { chooseAnswer } from './choose-answer.js';
import { documentQuerySchema } from './document-query.js';
import { sendDocument } from './send-document.js';
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
    answers: {
      200: { type: 'application/json', description: 'The document, byte for byte as it was stored.' },
      206: { type: 'application/json', description: 'The part that `Range` requests.' },
      304: null,
    },
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
    const answer = chooseAnswer(request, document);
    if (answer.status === 416) {
      response.setHeader('content-range', answer.headers['content-range']!);
      throw rangeNotSatisfiable(document.bytes);
    }
    if (answer.status !== 304) {
      response.setHeader('content-type', 'application/json');
      if (download === '1') {
        const name = `${document.guid}_${index}_${document.app}.mmif`;
        response.setHeader('content-disposition', `attachment; filename="${name}"`);
      }
    }
    const read = async () => (await this.documents.read(output, document)).content;
    await sendDocument(request, response, answer, read);
  }
}

const rangeNotSatisfiable = (bytes: number) =>
  new ProblemError(
    416,
    'range-not-satisfiable',
    'The range starts after the end',
    `The document has ${bytes} bytes. Request a range within them, or omit the Range header.`,
  );
