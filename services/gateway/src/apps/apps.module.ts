import { Module } from '@nestjs/common';
import { AppsController } from './apps.controller.js';
import { AppsService } from './apps.service.js';

/** Registration and list of CLAMS apps. */
@Module({ controllers: [AppsController], providers: [AppsService] })
export class AppsModule {}
