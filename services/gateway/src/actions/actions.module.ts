import { Module } from '@nestjs/common';
import { ActionsController } from './actions.controller.js';

/** What people have done. */
@Module({ controllers: [ActionsController] })
export class ActionsModule {}
