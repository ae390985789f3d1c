import { existsSync, writeFileSync } from 'node:fs';

/**
 * Kills this process with SIGKILL once at each step in DIE_AT (comma-separated). The file DIE_MARKER + step records that
 * the kill at a step has happened.
 */
export function dieOnce(step: string): void {
  const { DIE_AT: fatal = '', DIE_MARKER: marker = '' } = process.env;
  const file = `${marker}${step}`;
  if (!fatal.split(',').includes(step) || existsSync(file)) return;
  writeFileSync(file, '');
  process.kill(process.pid, 'SIGKILL');
}
