import { Module } from '@nestjs/common';
import { AppDescriber } from './app-describer.js';
import { AppHealth } from './app-health.js';
import { AppsController } from './apps.controller.js';
import { AppsService } from './apps.service.js';
import { PrefetchedAppGuard } from './prefetched-app.guard.js';

/** Registration, settings and health of CLAMS apps. */
@Module({ controllers: [AppsController], providers: [AppsService, AppDescriber, AppHealth, PrefetchedAppGuard] })
export class AppsModule {}
