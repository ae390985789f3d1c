export { createSession, type Credentials, identify, isSameSecret, SESSION_COOKIE, SESSION_SECONDS } from './access.js';
export { ConfigError, type ConfigVariable, describeConfig, loadConfig } from './config.js';
export {
  accessConfig,
  commaList,
  folderList,
  healthConfig,
  listenConfig,
  logConfig,
  natsConfig,
  postgresConfig,
} from './config-fragments.js';
export { serveHealth } from './health.js';
export { createLogger, type Logger, NestLogger } from './logging.js';
export {
  OffLoop,
  type OffLoopFailure,
  type OffLoopOptions,
  type OffLoopOutcome,
  type OffLoopTask,
} from './off-loop.js';
export { isOwnOrigin } from './origin.js';
export { runService, type RunningService } from './run-service.js';
export { monotonicNow, Stopwatch } from './stopwatch.js';
export { WorkPace } from './work-pace.js';
