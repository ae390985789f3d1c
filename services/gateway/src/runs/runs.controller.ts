import { Controller, Get, Param } from '@nestjs/common';
import { runSchema, type RunView } from '#libs/contracts';
import { RunsRepository } from '#libs/database';
import { IdPipe } from '../http/id.pipe.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { unknown } from '../http/problem-error.js';
import { documentAddress } from './document-address.js';

@Tag('runs')
@Controller('api/runs')
export class RunsController {
  constructor(private readonly runs: RunsRepository) {}

  @Get(':id')
  @Answers({
    summary: 'Read a run with its stages',
    links: [
      { to: '/api/batches/{id}', parameters: { id: '$response.body#/batch' } },
      { to: '/api/media-files/{guid}', parameters: { guid: '$response.body#/guid' } },
    ],
    answers: { 200: runSchema },
    problems: { 404: ['unknown-run'] },
  })
  async find(@Param('id', new IdPipe('run', Number.MAX_SAFE_INTEGER)) id: number): Promise<RunView> {
    const run = await this.runs.find(id, (of, index) => documentAddress(of, index));
    if (!run) throw unknown('run', id);
    return run;
  }
}
