import { type BatchDeletion, countOf } from '#libs/contracts';
import { size } from './words.js';

/** What deleting a batch would do, or why it cannot be deleted now. */
export function deletionSentence({
  batch,
  name,
  state,
  runs,
  goes,
  stays,
}: Omit<BatchDeletion, 'sentence' | 'allowed' | 'usedBy'>): string {
  if (state === 'running') return `Batch ${batch} is running: cancel it, or wait until it has finished.`;
  const what = [
    countOf(runs, 'run'),
    ...(goes.documents > 0 ? [`${countOf(goes.documents, 'document')} (${size(goes.bytes)})`] : []),
  ];
  const rest =
    stays.documents > 0
      ? `; ${countOf(stays.documents, 'document')} (${size(stays.bytes)}) ${stays.documents === 1 ? 'stays, because another batch uses it' : 'stay, because other batches use them'}`
      : '';
  return `Deleting batch ${batch} "${name}" removes ${what.join(' and ')}${rest}.`;
}
