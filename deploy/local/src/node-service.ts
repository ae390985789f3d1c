import { spawn } from 'node:child_process';
import { logPath, withLog } from './log-file.js';
import { exitOf, lastLines, type RunningProcess, runningProcess, untilReady } from './running-process.js';

const SECOND = 1000;
const START_WITHIN = 60 * SECOND;
const STOP_GRACE = 10 * SECOND;

/** A Node script that runs in its own process. */
export interface NodeScript {
  readonly name: string;
  /** Absolute path of the built script. */
  readonly script: string;
  /** Options of Node; default: none. */
  readonly nodeArguments?: readonly string[];
  /** The complete environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logFolder: string;
}

function launch({ name, script, nodeArguments = [], environment, logFolder }: NodeScript) {
  const child = withLog(logFolder, name, (log) =>
    spawn(process.execPath, ['--enable-source-maps', ...nodeArguments, script], {
      env: environment,
      stdio: ['ignore', log, log, 'ipc'],
      // Ctrl-C in the terminal must reach the supervisor alone, which then stops everything in order.
      detached: true,
    }),
  );
  return { name, child, exited: exitOf(child), logFile: logPath(logFolder, name) };
}

/** Starts a service and waits for its `{ ready: true }`; the service exits when this process ends. */
export async function startNodeService(service: NodeScript): Promise<RunningProcess> {
  const program = launch(service);
  let ready = false;
  program.child.on('message', (message) => {
    if (typeof message === 'object' && message !== null && 'ready' in message) ready = true;
  });
  await untilReady(program, START_WITHIN, () => Promise.resolve(ready));
  return runningProcess(program.child, program.exited, { signal: 'SIGTERM', graceMs: STOP_GRACE });
}

/** Starts a service without waiting for it: a standby becomes ready only when it takes over. */
export function launchNodeService(service: NodeScript): RunningProcess {
  const { child, exited } = launch(service);
  return runningProcess(child, exited, { signal: 'SIGTERM', graceMs: STOP_GRACE });
}

/** Runs a script; throws with the last lines of its log if its exit code is not 0. */
export async function runNodeScript(script: NodeScript): Promise<void> {
  const { exited, logFile } = launch(script);
  const reason = await exited;
  if (reason !== 'exit code 0') throw new Error(`${script.name} failed (${reason}): ${await lastLines(logFile)}`);
}
