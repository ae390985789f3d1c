import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from './until.js';

const SECOND = 1000;
const STOP_WITHIN = 15 * SECOND;

/** Tells whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The command line of a process; empty when it is gone or cannot be read. */
export async function commandLine(pid: number): Promise<string> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
  } catch {
    const ps = promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]);
    return ps.then(
      ({ stdout }) => stdout,
      () => '',
    );
  }
}

/** The process id in the first line of a pid file; null without a readable one. */
export async function readPid(pidFile: string): Promise<number | null> {
  const text = await readFile(pidFile, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

/**
 * Ends the server that a killed parent left behind. A process is taken for that server only
 * while its command line names `mark`: the system gives the ids of dead processes to new ones, and a dead process that
 * nobody waits for keeps its id but loses its command line.
 */
export async function stopOrphan(pidFile: string, mark: string): Promise<boolean> {
  const pid = await readPid(pidFile);
  if (pid === null) return false;
  const isThere = async () => isAlive(pid) && (await commandLine(pid)).includes(mark);
  const found = await isThere();
  if (found) {
    const isGone = async () => !(await isThere());
    process.kill(pid, 'SIGINT');
    await until(`The end of process ${pid}`, STOP_WITHIN, isGone).catch(() => process.kill(pid, 'SIGKILL'));
    await until(`The end of process ${pid}`, STOP_WITHIN, isGone);
  }
  // Postgres would take a stranger that has the id by now for itself. The file of a dead server stays: by it Postgres
  // finds out whether children of that server still write.
  if (isAlive(pid)) await rm(pidFile, { force: true });
  return found;
}

/** Ends all servers whose pid files lie in the folders directly inside `folder`. */
export async function stopServersIn(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const home = join(folder, name);
    await stopOrphan(join(home, 'cluster', 'postmaster.pid'), home);
    await stopOrphan(join(home, 'nats.pid'), home);
  }
}
