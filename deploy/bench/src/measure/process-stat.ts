/** One process as `/proc/<pid>/stat` shows it; times in clock ticks of user and system time together. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly ownTicks: number;
  /** Of children that ended and were waited for, with all that were below them. */
  readonly endedChildrenTicks: number;
}

/** Reads `/proc/<pid>/stat` (proc(5)); null for what is none. The name may hold blanks and parentheses. */
export function parseStat(text: string): ProcessStat | null {
  const nameEnd = text.lastIndexOf(')');
  const pid = Number.parseInt(text, 10);
  const fields = text.slice(nameEnd + 2).split(' ');
  const [parent, user, system, endedUser, endedSystem] = [1, 11, 12, 13, 14].map((index) => Number(fields[index]));
  if (nameEnd < 0 || [pid, parent, user, system, endedUser, endedSystem].some((value) => !Number.isFinite(value))) {
    return null;
  }
  return { pid, parent: parent!, ownTicks: user! + system!, endedChildrenTicks: endedUser! + endedSystem! };
}

/** Process ids of a process and everything below it; empty when it is not there. */
export function treeOf(root: number, stats: readonly ProcessStat[]): ProcessStat[] {
  const self = stats.filter(({ pid }) => pid === root);
  const below = stats.filter(({ parent }) => parent === root).flatMap(({ pid }) => treeOf(pid, stats));
  return self.length > 0 ? [...self, ...below] : [];
}

/** Ticks that a process and everything that is or was below it have used. */
export const treeTicks = (root: number, stats: readonly ProcessStat[]): number =>
  treeOf(root, stats).reduce((sum, { ownTicks, endedChildrenTicks }) => sum + ownTicks + endedChildrenTicks, 0);
