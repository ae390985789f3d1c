import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from './until.js';

const SECOND = 1000;
const STOP_WITHIN = 15 * SECOND;

/** Whether a process with this ID exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The command line of a process; empty if the process has ended or its command line cannot be read. */
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

/** The process ID in the first line of a PID file; null if the file cannot be read or contains no ID. */
export async function readPid(pidFile: string): Promise<number | null> {
  const text = await readFile(pidFile, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

/**
 * Ends the server that a killed parent left running; returns whether it was running. A process counts as that server only
 * if its command line contains `mark`: the system reuses process IDs, and a zombie keeps its ID but has no command line.
 */
export async function stopOrphan(pidFile: string, mark: string): Promise<boolean> {
  const pid = await readPid(pidFile);
  if (pid === null) return false;
  const isRunning = async () => isAlive(pid) && (await commandLine(pid)).includes(mark);
  const found = await isRunning();
  if (found) {
    const hasEnded = async () => !(await isRunning());
    process.kill(pid, 'SIGINT');
    await until(`The end of process ${pid}`, STOP_WITHIN, hasEnded).catch(() => process.kill(pid, 'SIGKILL'));
    await until(`The end of process ${pid}`, STOP_WITHIN, hasEnded);
  }
  // Postgres would mistake another process with this ID for its own server. The file of a dead server stays, because
  // Postgres uses it to detect that children of that server still write.
  if (isAlive(pid)) await rm(pidFile, { force: true });
  return found;
}

/** Ends all servers whose PID files are in the direct subfolders of `folder`. */
export async function stopServersIn(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const home = join(folder, name);
    await stopOrphan(join(home, 'cluster', 'postmaster.pid'), home);
    await stopOrphan(join(home, 'nats.pid'), home);
  }
}
