import { runService } from '#libs/runtime';
import { demoAppsConfig } from './demo-apps.config.js';
import { startDemoApps } from './start-demo-apps.js';

await runService('demo-apps', demoAppsConfig, ({ config, logger }) => startDemoApps(config, logger));
