import { runService } from '#libs/runtime';
import { gatewayConfig } from './gateway.config.js';
import { startGateway } from './start-gateway.js';

await runService('gateway', gatewayConfig, ({ config, logger }) => startGateway(config, logger));
