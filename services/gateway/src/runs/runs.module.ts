import { Module } from '@nestjs/common';
import { AttemptsController } from './attempts.controller.js';
import { BatchErrorsController } from './batch-errors.controller.js';
import { BatchRunsController } from './batch-runs.controller.js';
import { DocumentViews } from './document-views.js';
import { DocumentViewsController } from './document-views.controller.js';
import { DocumentsController } from './documents.controller.js';
import { RunInputController } from './run-input.controller.js';
import { RunsController } from './runs.controller.js';
import { StageDocuments } from './stage-documents.js';

/** Runs, their stages, failures and documents. */
@Module({
  controllers: [
    BatchRunsController,
    BatchErrorsController,
    RunsController,
    RunInputController,
    AttemptsController,
    DocumentsController,
    DocumentViewsController,
  ],
  providers: [
    StageDocuments,
    { provide: DocumentViews, useFactory: () => new DocumentViews(new URL('./view-thread.js', import.meta.url)) },
  ],
})
export class RunsModule {}
