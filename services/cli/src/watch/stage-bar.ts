import type { BatchSummary, StageCounts } from '#libs/contracts';

/** One stage as a bar: how many of its files are settled, and what is to say beside it. */
export interface StageBar {
  readonly name: string;
  readonly total: number;
  readonly settled: number;
  readonly remark: string;
}

const settledOf = (counts: StageCounts): number => counts.done + counts.skipped + counts.failed + counts.cancelled;

/** What is told beside a bar, most urgent first. */
const REMARKS: readonly (keyof StageCounts)[] = ['failed', 'retrying', 'running', 'queued', 'cancelled'];

/** The stages of a batch as bars. */
export const stageBars = ({ stages }: BatchSummary): StageBar[] =>
  stages.map(({ name, counts, paused }) => ({
    name,
    total: Object.values(counts).reduce((sum, count) => sum + count, 0),
    settled: settledOf(counts),
    remark: [
      ...(paused === undefined ? [] : ['app paused']),
      ...REMARKS.filter((state) => counts[state] > 0).map((state) => `${counts[state]} ${state}`),
    ].join(', '),
  }));

/** Characters of a bar itself, and of the count behind it, for a terminal of some width. */
export function barLine(bar: StageBar, nameWidth: number, width: number): string {
  const percent = bar.total === 0 ? 0 : Math.floor((100 * bar.settled) / bar.total);
  const barWidth = Math.max(Math.min(width - nameWidth - 36, 30), 8);
  const filled = bar.total === 0 ? 0 : Math.floor((barWidth * bar.settled) / bar.total);
  const drawn = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  const name = bar.name.length > nameWidth ? `${bar.name.slice(0, nameWidth - 1)}…` : bar.name.padEnd(nameWidth);
  const line =
    `${name} ${drawn} ${String(percent).padStart(3)} %  ${bar.settled}/${bar.total}  ${bar.remark}`.trimEnd();
  return line.length > width - 1 ? `${line.slice(0, width - 2)}…` : line;
}
