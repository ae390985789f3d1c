import { countOf } from './counting.js';
import type { RetentionKeep, RetentionRule } from './rest/retention.js';

const DAY = 24 * 60 * 60 * 1000;

/** Which documents of a batch are left, most first. */
const LEFT = ['all', 'final', 'none'] as const;
export type RetentionLeft = (typeof LEFT)[number];

/** The retention rule of a batch, and which of its documents are left. */
export interface RetentionState extends RetentionRule {
  readonly kept: RetentionLeft;
  /** Null: the batch has not finished. */
  readonly finishedAt: Date | null;
}

/** When the last documents of a batch are removed; null: no limit is set, or the batch has not finished. */
export const retentionEnd = ({ days, finishedAt }: Pick<RetentionState, 'days' | 'finishedAt'>): Date | null =>
  days === null || finishedAt === null ? null : new Date(finishedAt.getTime() + days * DAY);

/** What a batch has to be reduced to now; null: nothing has to be removed. */
export function retentionDue(state: RetentionState, now: number): Exclude<RetentionLeft, 'all'> | null {
  const { keep, kept, finishedAt } = state;
  if (finishedAt === null) return null;
  const end = retentionEnd(state);
  const wanted: RetentionLeft = end !== null && end.getTime() <= now ? 'none' : keep;
  return wanted !== 'all' && LEFT.indexOf(wanted) > LEFT.indexOf(kept) ? wanted : null;
}

const KEPT: Readonly<Record<RetentionKeep, string>> = {
  all: 'The documents of all stages and attempts are kept',
  final:
    'When a batch finishes, the documents of earlier stages and attempts are removed. ' +
    'The newest document of each file is kept',
};

/** The meaning of a rule in one or two sentences. */
export function retentionSentence({ keep, days }: RetentionRule): string {
  if (days === null) return `${KEPT[keep]} until the batch is deleted.`;
  return `${KEPT[keep]} for ${countOf(days, 'day')} after the batch finishes, then removed.`;
}
