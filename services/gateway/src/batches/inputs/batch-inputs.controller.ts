import { Controller, Delete, Headers, HttpCode, Param, type PipeTransform, Put } from '@nestjs/common';
import { z } from 'zod';
import { type BatchInput, batchInputSchema } from '#libs/contracts';
import { BatchInputsRepository, type InputChange } from '#libs/database';
import { Actor } from '../../access/actor.decorator.js';
import { BODY_LIMITS } from '../../http/body-limits.js';
import { IdPipe } from '../../http/id.pipe.js';
import { Answers } from '../../http/openapi/answers.decorator.js';
import { Tag } from '../../http/openapi/tags.js';
import { MMIF_EXAMPLE } from '../../http/openapi/example-values.js';
import { ProblemError, unknown } from '../../http/problem-error.js';
import type { SpooledBody } from '../../http/spool/spooled-body.js';
import { Spooled, Spools } from '../../http/spool/spools.decorator.js';
import { notDraft } from '../batch-problems.js';
import { UploadedMmif } from './uploaded-mmif.js';

const MMIF_TYPES = ['application/json', 'application/vnd.mmif', 'application/vnd.mmif+json'];
const batchId = new IdPipe('batch');

/** For the OpenAPI document only; the body is validated against the JSON schema of MMIF. */
const mmifBodySchema = z
  .looseObject({
    metadata: z.looseObject({ mmif: z.string() }),
    documents: z.array(z.looseObject({ '@type': z.string(), properties: z.looseObject({ id: z.string() }) })),
    views: z.array(z.looseObject({ id: z.string() })),
  })
  .meta({
    examples: [MMIF_EXAMPLE],
  });

/** A GUID in a path. A malformed GUID is 404, like any unknown file. */
const fileGuid: PipeTransform<string, string> = {
  transform: (text) => {
    if (!/^[\w-]{1,128}$/.test(text)) throw unknown('file of the batch', text.replaceAll('\0', '').slice(0, 40));
    return text;
  },
};

/** Uploaded MMIF documents from which files of a draft start. */
@Tag('batches')
@Controller('api/batches')
export class BatchInputsController {
  constructor(
    private readonly inputs: BatchInputsRepository,
    private readonly uploaded: UploadedMmif,
  ) {}

  @Put(':id/inputs/:guid')
  @Spools(BODY_LIMITS.document)
  @Answers({
    summary: 'Upload the MMIF document from which a file of a draft starts',
    bodies: { 'application/json': mmifBodySchema },
    answers: { 200: batchInputSchema },
    problems: {
      404: ['unknown-batch', 'unknown-file-of-the-batch'],
      409: ['not-draft'],
      413: ['too-large'],
      415: ['no-json', 'unsupported-encoding'],
      422: ['no-mmif'],
      503: ['documents-busy'],
    },
  })
  async upload(
    @Param('id', batchId) id: number,
    @Param('guid', fileGuid) guid: string,
    @Headers('content-type') contentType: string | undefined,
    @Spooled() body: SpooledBody,
    @Actor() actor: string,
  ): Promise<BatchInput> {
    if (!MMIF_TYPES.includes((contentType ?? '').split(';', 1)[0]!.trim().toLowerCase())) throw noMmifType();
    const document = await this.uploaded.read(body);
    requireChanged(await this.inputs.set(id, guid, document, actor), { id, guid });
    return { guid, sha256: document.sha256, bytes: document.bytes };
  }

  @Delete(':id/inputs/:guid')
  @HttpCode(204)
  @Answers({
    summary: 'Remove the MMIF document that was uploaded for a file of a draft',
    answers: { 204: null },
    problems: { 404: ['unknown-batch', 'unknown-file-of-the-batch'], 409: ['not-draft'] },
  })
  async remove(
    @Param('id', batchId) id: number,
    @Param('guid', fileGuid) guid: string,
    @Actor() actor: string,
  ): Promise<void> {
    requireChanged(await this.inputs.remove(id, guid, actor), { id, guid });
  }
}

const noMmifType = (): ProblemError =>
  new ProblemError(
    415,
    'no-json',
    'The body is not JSON',
    'Send the MMIF document with the header "Content-Type: application/json".',
  );

/** Throws ProblemError if nothing was changed. */
function requireChanged(result: InputChange, { id, guid }: { readonly id: number; readonly guid: string }): void {
  if (result === 'unknown-batch') throw unknown('batch', id);
  if (result === 'unknown-file') throw unknown('file of the batch', guid);
  if (result === 'not-draft') throw notDraft(id);
}
