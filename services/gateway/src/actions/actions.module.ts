import { Module } from '@nestjs/common';
import { ActionsController } from './actions.controller.js';

/** The audit log. */
@Module({ controllers: [ActionsController] })
export class ActionsModule {}
