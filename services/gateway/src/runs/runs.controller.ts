import { Controller, Get, Param } from '@nestjs/common';
import type { RunView } from '#libs/contracts';
import { RunsRepository } from '#libs/database';
import { IdPipe } from '../http/id.pipe.js';
import { unknown } from '../http/problem-error.js';

const documentAddress = (run: number, index: number): string => `/api/runs/${run}/stages/${index}/document`;

@Controller('api/runs')
export class RunsController {
  constructor(private readonly runs: RunsRepository) {}

  @Get(':id')
  async find(@Param('id', new IdPipe('run', Number.MAX_SAFE_INTEGER)) id: number): Promise<RunView> {
    const run = await this.runs.find(id, documentAddress);
    if (!run) throw unknown('run', id);
    return run;
  }
}
