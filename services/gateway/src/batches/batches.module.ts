import { Module } from '@nestjs/common';
import { BatchEditingController } from './batch-editing.controller.js';
import { BatchEditingService } from './batch-editing.service.js';
import { BatchesController } from './batches.controller.js';
import { BatchesService } from './batches.service.js';
import { CellsController } from './cells.controller.js';

/** Batches, how they are prepared and started, and their grid. */
@Module({
  controllers: [BatchesController, BatchEditingController, CellsController],
  providers: [BatchesService, BatchEditingService],
})
export class BatchesModule {}
