import { Module } from '@nestjs/common';
import { DeletionController } from './deletion.controller.js';
import { DeletionService } from './deletion.service.js';
import { RetentionController } from './retention.controller.js';
import { RetentionService } from './retention.service.js';

/** Retention and deletion of batches. */
@Module({
  controllers: [RetentionController, DeletionController],
  providers: [RetentionService, DeletionService],
})
export class RetentionModule {}
