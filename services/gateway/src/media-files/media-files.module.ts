import { Module } from '@nestjs/common';
import { MediaFilesController } from './media-files.controller.js';
import { MediaFilesService } from './media-files.service.js';
import { PlaybackController } from './playback.controller.js';

/** Registration, search and playback of media files. */
@Module({ controllers: [MediaFilesController, PlaybackController], providers: [MediaFilesService] })
export class MediaFilesModule {}
