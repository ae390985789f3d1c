import { alignmentsOf, type DisplayAlignment } from './alignments.js';
import { lanesOf, type Lane } from './lanes.js';
import { type DisplayText, textsOf } from './texts.js';
import type { Mmif } from '../model/mmif.js';
import { Timeline } from '../time/timeline.js';

/** The data that a page needs to show a document beside its media; all times in milliseconds, all ids long. */
export interface DisplayIndex {
  /** Duration of the media; null when it is unknown. */
  readonly duration: number | null;
  /** TimeFrames and TimePoints by app and label: apps in the order of their views, frames first, labels by code unit. */
  readonly lanes: readonly Lane[];
  /** Number of TimeFrames and TimePoints without a usable time: none stated, or in frames with unknown frame rate. */
  readonly unplaced: number;
  /** Source texts and texts that apps added, in the order of the document. */
  readonly texts: readonly DisplayText[];
  /** Alignments, in the order of the document. */
  readonly alignments: readonly DisplayAlignment[];
}

/** Prepares a document for display; the same document always gives the same index. */
export function indexForDisplay(mmif: Mmif): DisplayIndex {
  const timeline = new Timeline(mmif);
  const alignments = alignmentsOf(mmif, timeline);
  return {
    duration: timeline.media.duration,
    ...lanesOf(mmif, timeline),
    texts: textsOf(mmif, alignments),
    alignments,
  };
}
