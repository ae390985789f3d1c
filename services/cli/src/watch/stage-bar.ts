import type { BatchSummary, StageCounts } from '#libs/contracts';

/** Progress bar of one stage: how many of its files are settled, and a remark next to the bar. */
export interface StageBar {
  readonly name: string;
  readonly total: number;
  readonly settled: number;
  readonly remark: string;
}

const settledOf = (counts: StageCounts): number => counts.done + counts.skipped + counts.failed + counts.cancelled;

/** States that the remark of a bar counts, most urgent first. */
const REMARKS: readonly (keyof StageCounts)[] = ['failed', 'retrying', 'running', 'queued', 'cancelled'];

/** The progress bars of the stages of a batch. */
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

/** Width of the column of stage names, in characters. */
export const NAME_WIDTH = 20;

/** A bar as one line that is shorter than `width`: name, bar, percentage, count and remark. */
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
