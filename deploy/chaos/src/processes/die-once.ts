import { existsSync, writeFileSync } from 'node:fs';

/**
 * Kills this process as `kill -9` does when it reaches the step that the variable DIE_AT names, and not again: a file
 * that DIE_MARKER names tells that it has.
 */
export function dieOnce(step: string): void {
  const { DIE_AT: fatal, DIE_MARKER: marker } = process.env;
  if (step !== fatal || marker === undefined || existsSync(marker)) return;
  writeFileSync(marker, step);
  process.kill(process.pid, 'SIGKILL');
}
