import type { ChaosReport } from './chaos.js';
import type { Findings } from './examine.js';

/** Number of findings of one kind in the text; the file contains all. */
const SHOWN = 5;

const TITLES: Readonly<Record<keyof Findings, string>> = {
  lost: 'lost runs',
  settledTwice: 'stages settled more than once in a lineage',
  calledAfterSettlement: 'calls after a settlement',
  wronglyForwarded: 'forwarded documents that were not settled',
  wronglyRecorded: 'stages recorded differently from their settlement',
  wrongDocuments: "stored documents that differ from the app's answer",
  disagreeingCounters: 'counters that differ from their rows',
  differingClients: 'live clients that differ from the database',
};

export const isClean = (findings: Findings): boolean => Object.values(findings).every((found) => found.length === 0);

/** One line for each kind of finding, with the first findings below it. */
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
    `${disturbed.length} disturbances, ${calls} app calls and ${settlements} settlements in ${seconds} s.`,
  ].join('\n');
}
