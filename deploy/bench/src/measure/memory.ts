import { readFileSync, writeFileSync } from 'node:fs';
import { allStats } from './cpu-meter.js';
import { treeOf } from './process-stat.js';

const KIBIBYTE = 1024;

/** Memory of one process in bytes. */
export interface Memory {
  readonly resident: number;
  /** Largest resident size since the last `resetPeak`. */
  readonly peak: number;
}

function kibibytes(file: string, key: string): number {
  try {
    return Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
  } catch {
    // The process ended meanwhile.
    return 0;
  }
}

export const readMemory = (pid: number): Memory => ({
  resident: kibibytes(`/proc/${pid}/status`, 'VmRSS') * KIBIBYTE,
  peak: kibibytes(`/proc/${pid}/status`, 'VmHWM') * KIBIBYTE,
});

/** Resets the peak of a process to its current size (proc(5), clear_refs). */
export const resetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');

/** IDs of a process and its descendants. */
export const pidsBelow = (pid: number): number[] => treeOf(pid, allStats()).map((stat) => stat.pid);

/** Bytes of a process and its descendants: `resident` counts shared pages once per process, `proportional` once. */
export function treeMemory(pid: number): { resident: number; proportional: number } {
  const pids = pidsBelow(pid);
  const sum = (of: (pid: number) => number) => pids.reduce((total, each) => total + of(each), 0);
  return {
    resident: sum((each) => readMemory(each).resident),
    proportional: sum((each) => kibibytes(`/proc/${each}/smaps_rollup`, 'Pss') * KIBIBYTE),
  };
}
