import { type BatchDeletion, countOf } from '#libs/contracts';
import { byteSize } from './byte-size.js';

/** The effect of deleting a batch, or why it cannot be deleted now. */
export function deletionSentence({
  batch,
  name,
  state,
  runs,
  goes,
  stays,
}: Omit<BatchDeletion, 'sentence' | 'allowed' | 'usedBy'>): string {
  if (state === 'running') return `Batch ${batch} is running. Cancel it, or wait until it has finished.`;
  const what = [
    countOf(runs, 'run'),
    ...(goes.documents > 0 ? [`${countOf(goes.documents, 'document')} (${byteSize(goes.bytes)})`] : []),
  ];
  const rest =
    stays.documents > 0
      ? `; ${countOf(stays.documents, 'document')} (${byteSize(stays.bytes)}) ${stays.documents === 1 ? 'is kept, because another batch uses it' : 'are kept, because other batches use them'}`
      : '';
  return `Deleting batch ${batch} "${name}" removes ${what.join(' and ')}${rest}.`;
}
