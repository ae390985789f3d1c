import { countTypes, type TypeCounts } from './view-contents.js';
import type { Mmif, MmifDocument, ViewError } from '../model/mmif.js';
import { runningTime } from './view-contents.js';
import { shortType } from '../model/type-uri.js';
import { latestTime, Timeline } from '../time/timeline.js';

/** Summary of one document. */
export interface DocumentSummary {
  readonly id: string;
  /** Short type, such as `VideoDocument`. */
  readonly type: string;
  readonly mime: string | null;
  /** URI or path of the media; null for a text inside the MMIF document. */
  readonly location: string | null;
}

/** Summary of one view. */
export interface ViewSummary {
  readonly id: string;
  readonly app: string;
  readonly timestamp: string | null;
  readonly counts: TypeCounts;
  readonly error: ViewError | null;
  readonly warnings: readonly string[];
  /** Seconds that the app ran, the same in all views of one call; null when the view does not state it. */
  readonly runningTime: number | null;
}

/** Summary of an MMIF document: its views in their order, and the annotations of all views by short type. */
export interface MmifSummary {
  /** Version of the format, such as `1.0.5`, or the unchanged URI when it is not an MMIF version. */
  readonly version: string;
  readonly documents: readonly DocumentSummary[];
  readonly views: readonly ViewSummary[];
  readonly totals: TypeCounts;
  /** Duration of the media in milliseconds; null when it is unknown. */
  readonly duration: number | null;
  /** Latest annotated time in milliseconds; null when no annotation has a time. */
  readonly latest: number | null;
}

/** Summarises a document. */
export function summarise(mmif: Mmif): MmifSummary {
  const timeline = new Timeline(mmif);
  return {
    version: mmif.metadata.mmif.replace(/^https?:\/\/mmif\.clams\.ai\//, ''),
    documents: mmif.documents.map(describe),
    views: mmif.views.map(({ id, metadata, annotations }) => ({
      id,
      app: metadata.app,
      timestamp: metadata.timestamp ?? null,
      counts: countTypes(annotations),
      error: metadata.error ?? null,
      warnings: metadata.warnings ?? [],
      runningTime: runningTime(metadata),
    })),
    totals: countTypes(mmif.views.flatMap(({ annotations }) => annotations)),
    duration: timeline.media.duration,
    latest: latestTime(timeline, mmif.views),
  };
}

function describe({ '@type': type, properties }: MmifDocument): DocumentSummary {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  return {
    id: properties.id,
    type: shortType(type),
    mime: text(properties['mime']),
    location: text(properties['location']),
  };
}
