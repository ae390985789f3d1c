import type { ExportBatch, ExportRun } from '#libs/database';

/** Why a run has no document of a stage, for the manifest; null when it has one. */
export function whyMissing(run: ExportRun, stage: number, { apps }: Pick<ExportBatch, 'apps'>): string | null {
  const found = run.stages.find(({ index }) => index === stage);
  if (found?.document) return null;
  if (found?.state === 'done' || found?.state === 'skipped') return REMOVED;
  const at = `stage ${run.nextIndex} ${apps[run.nextIndex] ?? ''}`.trim();
  switch (run.state) {
    case 'failed':
      return `failed at ${at}${run.sentence ? `: ${run.sentence}` : ''}`;
    case 'cancelled':
      return `cancelled at ${at}`;
    case 'running':
      return `under way: it has not left ${at}`;
    case 'waiting':
      return run.nextIndex === 0 ? 'it waits to begin' : `it waits before ${at}`;
    case 'done':
      return 'it has no document';
  }
}

/** What the manifest says of a document that was there. */
export const REMOVED = 'removed, as the retention of its batch says';
/** And of one that was there when the runs were read: its batch may be deleted, too. */
export const GONE = 'removed meanwhile';
