import { HEARTBEAT_SECONDS } from './control.js';

/** Heartbeats that a running worker may miss. */
const MISSED_HEARTBEATS = 3;
const SECOND = 1000;

/** For how long a running worker may be silent, in milliseconds. It does not depend on the ack wait. */
export const SILENCE_LIMIT = MISSED_HEARTBEATS * HEARTBEAT_SECONDS * SECOND;

/** Whether a worker is running that has been silent for so many milliseconds, on one clock that is not its own. */
export const isRunningWorker = (silentFor: number): boolean => silentFor < SILENCE_LIMIT;
