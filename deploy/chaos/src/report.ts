import type { ChaosReport } from './chaos.js';
import type { Findings } from './examine.js';

/** Findings of one kind that are shown; the file has all of them. */
const SHOWN = 5;

const TITLES: Readonly<Record<keyof Findings, string>> = {
  lost: 'lost runs',
  settledTwice: 'stages settled more than once in a lineage',
  calledAfterSettlement: 'calls after a settlement',
  handedOnWrongly: 'documents handed on that were not settled',
  recordedWrongly: 'stages recorded otherwise than settled',
  wrongDocuments: "stored documents that differ from the app's answer",
  disagreeingCounters: 'counters that disagree with their rows',
  differingClients: 'live clients that differ from the database',
};

export const isClean = (findings: Findings): boolean => Object.values(findings).every((found) => found.length === 0);

/** What was found, as text: a line for each kind, with the first findings below it. */
export function renderReport({ findings, disturbed, seconds, calls, settlements }: ChaosReport): string {
  const kinds = Object.entries(TITLES) as [keyof Findings, string][];
  return [
    ...kinds.flatMap(([kind, title]) => {
      const found = findings[kind];
      const more = found.length > SHOWN ? [`       ... and ${found.length - SHOWN} more`] : [];
      return [
        `${String(found.length).padStart(5)}  ${title}`,
        ...found.slice(0, SHOWN).map((sentence) => `       ${sentence}`),
        ...more,
      ];
    }),
    `${disturbed.length} disturbances, ${calls} calls of apps and ${settlements} settlements in ${seconds} s.`,
  ].join('\n');
}
