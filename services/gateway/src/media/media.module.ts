import { Module } from '@nestjs/common';
import { MediaController } from './media.controller.js';

/** Media files for players. */
@Module({ controllers: [MediaController] })
export class MediaModule {}
