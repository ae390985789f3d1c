import { Module } from '@nestjs/common';
import { PipelineVersionsController } from './pipeline-versions.controller.js';
import { PipelinesController } from './pipelines.controller.js';
import { PipelinesService } from './pipelines.service.js';

/** Pipelines and their versions. */
@Module({ controllers: [PipelinesController, PipelineVersionsController], providers: [PipelinesService] })
export class PipelinesModule {}
