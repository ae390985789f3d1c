import { Module } from '@nestjs/common';
import { BatchEditingController } from './batch-editing.controller.js';
import { BatchEditingService } from './batch-editing.service.js';
import { BatchInputsController } from './inputs/batch-inputs.controller.js';
import { UploadedMmif } from './inputs/uploaded-mmif.js';
import { AppLives } from './estimates/app-lives.js';
import { EstimatesController } from './estimates/estimates.controller.js';
import { BatchReader } from './batch-reader.js';
import { BatchesController } from './batches.controller.js';
import { BatchesService } from './batches.service.js';
import { CellSnapshots } from './cell-snapshots.js';
import { CellsController } from './cells.controller.js';
import { ReadableFiles } from './readable-files.js';

/** Batches: creation, input, estimate, start, and their grid. */
@Module({
  controllers: [BatchesController, BatchEditingController, BatchInputsController, CellsController, EstimatesController],
  providers: [
    BatchReader,
    ReadableFiles,
    BatchesService,
    AppLives,
    BatchEditingService,
    CellSnapshots,
    { provide: UploadedMmif, useFactory: () => new UploadedMmif(new URL('./inputs/check-thread.js', import.meta.url)) },
  ],
})
export class BatchesModule {}
