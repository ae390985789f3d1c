import { readdirSync, readFileSync } from 'node:fs';
import { parseStat, type ProcessStat, treeTicks } from './process-stat.js';

/** USER_HZ is 100 on every Linux that Node runs on. */
const MICROSECONDS_PER_TICK = 10_000;

/** CPU time in µs by process name. */
export type CpuTimes = Readonly<Record<string, number>>;

/** All processes of this machine; throws without `/proc`. */
export function allStats(): ProcessStat[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    } catch {
      // The process ended meanwhile.
      return [];
    }
  });
}

/** CPU time used so far by each process and its descendants. */
export function readCpu(pids: Readonly<Record<string, number>>): CpuTimes {
  const stats = allStats();
  return Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => [name, treeTicks(pid, stats) * MICROSECONDS_PER_TICK]),
  );
}

/** CPU time between two readings by process, divided by `count`. */
export const cpuPer = (count: number, before: CpuTimes, after: CpuTimes): CpuTimes =>
  Object.fromEntries(Object.entries(after).map(([name, time]) => [name, (time - (before[name] ?? 0)) / count]));

export const totalCpu = (times: CpuTimes): number => Object.values(times).reduce((sum, time) => sum + time, 0);
