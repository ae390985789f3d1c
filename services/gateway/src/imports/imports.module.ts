import { Module } from '@nestjs/common';
import { ImportedDurations } from './imported-durations.js';
import { ImportsController } from './imports.controller.js';
import { ImportsService } from './imports.service.js';

/** Imports of media files. */
@Module({ controllers: [ImportsController], providers: [ImportsService, ImportedDurations] })
export class ImportsModule {}
