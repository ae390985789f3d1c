import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { until } from './until.js';

/** A running program. */
export interface RunningProcess {
  readonly pid: number;
  /** Resolves with the reason, such as "exit code 1" or "SIGKILL", when the process has ended. */
  readonly exited: Promise<string>;
  /** Stops the process gracefully; resolves when it has ended. */
  stop(): Promise<void>;
  /** Sends SIGKILL without waiting. */
  kill(): void;
}

/** Resolves when a child has ended or could not be started. */
export const exitOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });

/** Wraps a child: `stop` sends `signal`, then SIGKILL after `graceMs`. */
export function runningProcess(
  child: ChildProcess,
  exited: Promise<string>,
  { signal, graceMs }: { signal: NodeJS.Signals; graceMs: number },
): RunningProcess {
  return {
    pid: child.pid ?? 0,
    exited,
    stop: async () => {
      child.kill(signal);
      const killTimer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(killTimer);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

const LAST_LOG_CHARACTERS = 600;

/**
 * Waits until a started program is ready. Throws with the last lines of its log if it ends first; kills it if it is not
 * ready within `withinMs`.
 */
export async function untilReady(
  program: { name: string; child: ChildProcess; exited: Promise<string>; logFile: string },
  withinMs: number,
  isReady: () => Promise<boolean>,
): Promise<void> {
  let ended: string | undefined;
  void program.exited.then((reason) => (ended = reason));
  try {
    await until(`The start of ${program.name}`, withinMs, async () => ended !== undefined || (await isReady()));
  } catch (error) {
    program.child.kill('SIGKILL');
    throw error;
  }
  if (ended !== undefined) {
    throw new Error(`${program.name} exited during its start (${ended}): ${await lastLines(program.logFile)}`);
  }
}

/** The end of a log file; empty when it cannot be read. */
export const lastLines = async (logFile: string): Promise<string> =>
  (await readFile(logFile, 'utf8').catch(() => '')).trim().slice(-LAST_LOG_CHARACTERS);
