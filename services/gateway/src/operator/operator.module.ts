import { Module } from '@nestjs/common';
import { AppCommandsController } from './app-commands.controller.js';
import { BatchCommandsController } from './batch-commands.controller.js';
import { OperatorService } from './operator.service.js';
import { RunCommandsController } from './run-commands.controller.js';

/** Commands and questions that the scheduler answers. */
@Module({
  controllers: [BatchCommandsController, RunCommandsController, AppCommandsController],
  providers: [OperatorService],
})
export class OperatorModule {}
