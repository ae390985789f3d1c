export { type AppProcess, type AppProcessOptions, startAppProcess } from './app-process.js';
export { type ChromiumLaunch, chromiumLaunch } from './chromium.js';
export { clamsSdk, type ClamsSdkOptions, type ClamsSdkVersion } from './clams-sdk.js';
export { type FakeClock, fakeClock } from './fake-clock.js';
export { isFullRun } from './full-tests.js';
export { type PythonAppOptions, startPythonApp } from './python-app.js';
export type { PythonEnvironment } from './python-environment.js';
export { fuzz, type FuzzOptions, type FuzzResult, schemathesis } from './schemathesis.js';
export type { FuzzTally } from './fuzz-tally.js';
export type { KnownThings } from './known-things.js';
export {
  type AppCall,
  type Reaction,
  type ScriptedApp,
  type ScriptedAppOptions,
  startScriptedApp,
} from './scripted-app.js';
export { stageChange } from './stage-change-builder.js';
export { stageEvent, stageEventOf } from './stage-event-builder.js';
export { startTestNats, type TestNats, type TestNatsOptions } from './test-nats.js';
export { copyDatabase, createTestDatabase, type TestDatabase } from './test-database.js';
export { startTestRun, testFolder, type TestRun } from './test-run.js';
export { waitFor } from './wait-for.js';
