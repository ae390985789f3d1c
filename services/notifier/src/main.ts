import { runService } from '#libs/runtime';
import { notifierConfig } from './notifier.config.js';
import { startNotifier } from './start-notifier.js';

await runService('notifier', notifierConfig, ({ config, logger }) => startNotifier(config, logger));
