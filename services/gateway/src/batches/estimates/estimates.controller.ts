import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { type BatchEstimate, batchEstimateSchema, MAX_TRIAL_FILES, queryInteger } from '#libs/contracts';
import { AppHistoryRepository, EstimatesRepository } from '#libs/database';
import { IdPipe } from '../../http/id.pipe.js';
import { Answers } from '../../http/openapi/answers.decorator.js';
import { Tag } from '../../http/openapi/tags.js';
import { unknown } from '../../http/problem-error.js';
import { AppLives } from './app-lives.js';
import { estimateOf } from './estimate.js';

const estimateQuerySchema = z.strictObject({
  trial: queryInteger(0, MAX_TRIAL_FILES).optional(),
});

/** Estimates of batches. */
@Tag('batches')
@Controller('api/batches')
export class EstimatesController {
  constructor(
    private readonly estimates: EstimatesRepository,
    private readonly history: AppHistoryRepository,
    private readonly lives: AppLives,
  ) {}

  @Get(':id/estimate')
  @Answers({
    summary: 'Estimate the time and cost of a batch',
    query: {
      trial:
        'Number of files to estimate, from the first; 0 means all files. Default: the files that the next start would run.',
    },
    answers: { 200: batchEstimateSchema },
    problems: { 404: ['unknown-batch'] },
  })
  async estimate(
    @Param('id', new IdPipe('batch')) id: number,
    @Query({ schema: estimateQuerySchema }) { trial }: z.output<typeof estimateQuerySchema>,
  ): Promise<BatchEstimate> {
    const work = await this.estimates.of(id, trial ?? null);
    if (!work) throw unknown('batch', id);
    const apps = [...new Set(work.stages.map(({ app }) => app))];
    return estimateOf(work, { paces: await this.history.paces(apps), lives: await this.lives.of(apps) });
  }
}
