import { runService } from '#libs/runtime';
import { startWorker } from './start-worker.js';
import { workerConfig } from './worker.config.js';

await runService('worker', workerConfig, ({ config, logger }) => startWorker(config, logger));
