import { pidsBelow, readMemory, resetPeak } from './memory.js';

/** Resident memory of a process in bytes: at the begin and at its peak. */
export interface Growth {
  readonly name: string;
  readonly before: number;
  readonly peak: number;
}

/** Watches the resident memory of processes; the result shows, for each tree, the process that grew most. */
export function watchGrowth(processes: Readonly<Record<string, number>>): () => Growth[] {
  const before = new Map<number, number>();
  for (const pid of Object.values(processes).flatMap(pidsBelow)) {
    resetPeak(pid);
    before.set(pid, readMemory(pid).resident);
  }
  return () =>
    Object.entries(processes).map(([name, root]) => {
      const all = pidsBelow(root).map((pid) => ({
        name,
        before: before.get(pid) ?? 0,
        peak: readMemory(pid).peak,
      }));
      return all.reduce((most, each) => (each.peak - each.before > most.peak - most.before ? each : most));
    });
}
