import { Module } from '@nestjs/common';
import { DocumentsController } from './documents.controller.js';
import { RunsController } from './runs.controller.js';

/** Runs, their stages and documents. */
@Module({ controllers: [RunsController, DocumentsController] })
export class RunsModule {}
