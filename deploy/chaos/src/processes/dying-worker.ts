import { runService } from '#libs/runtime';
import { startWorker } from '../../../../services/worker/src/start-worker.js';
import { workerConfig } from '../../../../services/worker/src/worker.config.js';
import { dieOnce } from './die-once.js';

await runService('worker', workerConfig, ({ config, logger }) => startWorker(config, logger, { onStep: dieOnce }));
