import { Module } from '@nestjs/common';
import { CollectionsController } from './collections.controller.js';
import { CollectionsService } from './collections.service.js';

/** Named sets of media files. */
@Module({ controllers: [CollectionsController], providers: [CollectionsService] })
export class CollectionsModule {}
