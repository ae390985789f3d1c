import { alignmentsOf, type DisplayAlignment } from './display-alignments.js';
import { lanesOf, type Lane } from './display-lanes.js';
import { type DisplayText, textsOf } from './display-texts.js';
import type { Mmif } from './model.js';
import { Timeline } from './timeline.js';

/** What a page needs to show a document beside its media; all times in milliseconds, all ids long. */
export interface DisplayIndex {
  /** Length of the media, when the document tells it. */
  readonly duration: number | null;
  /** TimeFrames and TimePoints by app and label: apps in the order of their views, frames first, labels by code point. */
  readonly lanes: readonly Lane[];
  /** TimeFrames and TimePoints without a place in time: without times, or in frames while no frame rate is known. */
  readonly unplaced: number;
  /** Given and added texts, in the order of the document. */
  readonly texts: readonly DisplayText[];
  /** What is aligned with what, in the order of the document. */
  readonly alignments: readonly DisplayAlignment[];
}

/** Prepares a document for display; the same document always gives the same index. */
export function indexForDisplay(mmif: Mmif): DisplayIndex {
  const timeline = new Timeline(mmif);
  const alignments = alignmentsOf(mmif, timeline);
  return {
    duration: timeline.facts.duration,
    ...lanesOf(mmif, timeline),
    texts: textsOf(mmif, alignments),
    alignments,
  };
}
