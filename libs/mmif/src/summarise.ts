import { countTypes, type TypeCounts } from './count-types.js';
import type { Mmif, MmifDocument, ViewError } from './model.js';
import { runningTime } from './running-time.js';
import { shortType } from './short-type.js';
import { latestTime, Timeline } from './timeline.js';

/** One document in short. */
export interface DocumentSummary {
  readonly id: string;
  /** Short type, such as `VideoDocument`. */
  readonly type: string;
  readonly mime: string | null;
  /** URI or path of the media; null for a text that stands in the MMIF document itself. */
  readonly location: string | null;
}

/** One view in short. */
export interface ViewSummary {
  readonly id: string;
  readonly app: string;
  readonly timestamp: string | null;
  readonly counts: TypeCounts;
  readonly error: ViewError | null;
  readonly warnings: readonly string[];
  /** Seconds that the app ran; views of one execution have the same. Null when the view does not say. */
  readonly runningTime: number | null;
}

/** A document in short: its views in their order, and the annotations of all of them by short type. */
export interface MmifSummary {
  /** Version of the format, such as `1.0.5`, or the URI that stands there instead. */
  readonly version: string;
  readonly documents: readonly DocumentSummary[];
  readonly views: readonly ViewSummary[];
  readonly totals: TypeCounts;
  /** Length of the media in milliseconds, when the document tells it. */
  readonly duration: number | null;
  /** Latest annotated time in milliseconds. */
  readonly latest: number | null;
}

/** Tells in short what a document holds. */
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
    duration: timeline.facts.duration,
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
