import { existsSync, writeFileSync } from 'node:fs';

/**
 * Kills this process as `kill -9` does when it reaches one of the steps that the variable DIE_AT lists, comma-separated,
 * and at each of them once: a file for each step, whose name DIE_MARKER begins, tells that it has.
 */
export function dieOnce(step: string): void {
  const { DIE_AT: fatal = '', DIE_MARKER: marker = '' } = process.env;
  const file = `${marker}${step}`;
  if (!fatal.split(',').includes(step) || existsSync(file)) return;
  writeFileSync(file, '');
  process.kill(process.pid, 'SIGKILL');
}
