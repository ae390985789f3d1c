import { runService } from '#libs/runtime';
import { schedulerConfig } from './scheduler.config.js';
import { startScheduler } from './start-scheduler.js';

await runService('scheduler', schedulerConfig, ({ config, logger }) => startScheduler(config, logger));
