import { readdirSync, readFileSync } from 'node:fs';
import { parseStat, type ProcessStat, treeTicks } from './process-stat.js';

/** USER_HZ is 100 on every Linux that Node runs on. */
const MICROSECONDS_PER_TICK = 10_000;

/** Microseconds of CPU time by name of a process. */
export type CpuTimes = Readonly<Record<string, number>>;

/** All processes of this machine; empty where there is no `/proc`. */
export function allStats(): ProcessStat[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    } catch {
      // It ended meanwhile.
      return [];
    }
  });
}

/** CPU time used so far by each process with everything below it. */
export function readCpu(pids: Readonly<Record<string, number>>): CpuTimes {
  const stats = allStats();
  return Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => [name, treeTicks(pid, stats) * MICROSECONDS_PER_TICK]),
  );
}

/** What each process used between two readings, divided by `count`. */
export const cpuPer = (count: number, before: CpuTimes, after: CpuTimes): CpuTimes =>
  Object.fromEntries(Object.entries(after).map(([name, time]) => [name, (time - (before[name] ?? 0)) / count]));

export const totalCpu = (times: CpuTimes): number => Object.values(times).reduce((sum, time) => sum + time, 0);
