import { Module } from '@nestjs/common';
import { WebClientController } from './web-client.controller.js';

/** The built web client. */
@Module({ controllers: [WebClientController] })
export class WebClientModule {}
