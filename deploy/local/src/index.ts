export { freePort } from './free-port.js';
export { type NatsOptions, type RunningNats, startNats } from './nats.js';
export { type NatsProgram, type NatsProgramOptions, obtainNatsServer } from './nats-program.js';
export { stopServersIn } from './orphan.js';
export { type PostgresOptions, type RunningPostgres, startPostgres } from './postgres.js';
export type { RunningProcess } from './running-process.js';
export { until } from './until.js';
export { type Stack, type StackOptions, startStack } from './stack.js';
