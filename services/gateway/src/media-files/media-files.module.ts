import { Module } from '@nestjs/common';
import { MediaFilesController } from './media-files.controller.js';
import { MediaFilesService } from './media-files.service.js';

/** Registration and search of media files. */
@Module({ controllers: [MediaFilesController], providers: [MediaFilesService] })
export class MediaFilesModule {}
