import { Module } from '@nestjs/common';
import { BatchExportService } from './batch-export.service.js';
import { Deriver } from './deriver.js';
import { ExportsController } from './exports.controller.js';
import { RunExportService } from './run-export.service.js';
import { StoredFiles } from './stored-files.js';

/** Downloads of documents as files. */
@Module({
  controllers: [ExportsController],
  providers: [
    { provide: Deriver, useFactory: () => new Deriver(new URL('./derive-thread.js', import.meta.url)) },
    StoredFiles,
    RunExportService,
    BatchExportService,
  ],
})
export class ExportsModule {}
