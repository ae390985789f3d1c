import type { ExportBatch, ExportRun } from '#libs/database';

/** Reason for a document that was removed before the export. */
export const REMOVED = 'removed according to the retention rule of its batch';
/** Reason for a document that was removed after the runs were read; its batch may have been deleted. */
export const REMOVED_DURING_EXPORT = 'removed during the export';

/** Why a run has no document of a stage, as the end of a sentence; null when it has one. */
export function missingReason(run: ExportRun, stage: number, { apps }: Pick<ExportBatch, 'apps'>): string | null {
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
      return `in progress: ${at} has not finished`;
    case 'waiting':
      return run.nextIndex === 0 ? 'waiting to start' : `waiting for ${at}`;
    case 'done':
      return 'the run has no document';
  }
}
