import { runService } from '#libs/runtime';
import { schedulerConfig } from '../../../../services/scheduler/src/scheduler.config.js';
import { startScheduler } from '../../../../services/scheduler/src/start-scheduler.js';
import { dieOnce } from './die-once.js';

await runService('scheduler', schedulerConfig, ({ config, logger }) =>
  startScheduler(config, logger, { onStep: dieOnce }),
);
