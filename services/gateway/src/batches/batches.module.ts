import { Module } from '@nestjs/common';
import { BatchesController } from './batches.controller.js';
import { BatchesService } from './batches.service.js';
import { CellsController } from './cells.controller.js';

/** Batches, their start and their grid. */
@Module({ controllers: [BatchesController, CellsController], providers: [BatchesService] })
export class BatchesModule {}
