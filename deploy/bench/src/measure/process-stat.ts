/** One process from `/proc/<pid>/stat`; times are clock ticks of user plus system time. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly ownTicks: number;
  /** Time of ended and reaped children, including their descendants. */
  readonly endedChildrenTicks: number;
}

/** Parses `/proc/<pid>/stat` (proc(5)); null for an invalid text. The process name may contain spaces and parentheses. */
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

/** A process and its descendants; empty if it does not exist. */
export function treeOf(root: number, stats: readonly ProcessStat[]): ProcessStat[] {
  const self = stats.filter(({ pid }) => pid === root);
  const below = stats.filter(({ parent }) => parent === root).flatMap(({ pid }) => treeOf(pid, stats));
  return self.length > 0 ? [...self, ...below] : [];
}

/** Ticks used by a process, its descendants and its ended children. */
export const treeTicks = (root: number, stats: readonly ProcessStat[]): number =>
  treeOf(root, stats).reduce((sum, { ownTicks, endedChildrenTicks }) => sum + ownTicks + endedChildrenTicks, 0);
