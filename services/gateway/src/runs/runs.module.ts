import { Module } from '@nestjs/common';
import { AttemptsController } from './attempts.controller.js';
import { BatchErrorsController } from './batch-errors.controller.js';
import { BatchRunsController } from './batch-runs.controller.js';
import { DocumentsController } from './documents.controller.js';
import { RunsController } from './runs.controller.js';

/** Runs, their stages and failures, and their documents. */
@Module({
  controllers: [BatchRunsController, BatchErrorsController, RunsController, AttemptsController, DocumentsController],
})
export class RunsModule {}
