import type { RetentionKeep, RetentionRule } from './rest/retention.js';

const DAY = 24 * 60 * 60 * 1000;

/** What is left of a batch, most first. */
const LEFT = ['all', 'final', 'none'] as const;
export type RetentionLeft = (typeof LEFT)[number];

/** What is to be kept of a batch, and what is left of it. */
export interface RetentionState extends RetentionRule {
  readonly kept: RetentionLeft;
  /** Null: it has not finished. */
  readonly finishedAt: Date | null;
}

/** When nothing is kept any more of a batch; null: no date is set, or it has not finished. */
export const retentionEnd = ({ days, finishedAt }: Pick<RetentionState, 'days' | 'finishedAt'>): Date | null =>
  days === null || finishedAt === null ? null : new Date(finishedAt.getTime() + days * DAY);

/** What a batch is to be brought down to now; null: nothing of it has to be removed. */
export function retentionDue(state: RetentionState, now: number): Exclude<RetentionLeft, 'all'> | null {
  const { keep, kept, finishedAt } = state;
  if (finishedAt === null) return null;
  const end = retentionEnd(state);
  const wanted: RetentionLeft = end !== null && end.getTime() <= now ? 'none' : keep;
  return wanted !== 'all' && LEFT.indexOf(wanted) > LEFT.indexOf(kept) ? wanted : null;
}

const KEPT: Readonly<Record<RetentionKeep, string>> = {
  all: 'The documents of all stages and tries are kept',
  final:
    'When a batch has finished, the newest document of each file is kept and those of earlier stages and tries are ' +
    'removed; the newest is kept',
};

/** What a rule means. */
export function retentionSentence({ keep, days }: RetentionRule): string {
  if (days === null) return `${KEPT[keep]} until the batch is deleted.`;
  return `${KEPT[keep]} for ${days} ${days === 1 ? 'day' : 'days'} after the batch has finished, and then removed.`;
}
