import { longId } from '../model/annotations.js';
import type { Mmif } from '../model/mmif.js';
import { type JsonObject, member } from '../model/json.js';
import { shortType } from '../model/type-uri.js';
import { type PlacedAnnotation, placedIn, type Timeline } from '../time/timeline.js';
import type { DocumentTexts } from './document-texts.js';
import type { TextTimes } from './text-times.js';

/** One annotation as a row of a table. */
export interface AnnotationRow {
  readonly view: string;
  readonly app: string;
  /** Short type, such as `TimeFrame`. */
  readonly type: string;
  /** Long id. */
  readonly id: string;
  readonly label: string | null;
  /** Seconds; null when the annotation has no time. */
  readonly start: number | null;
  readonly end: number | null;
  readonly text: string | null;
  /** All properties of the annotation except its id. */
  readonly properties: JsonObject;
}

/** `frameType` and `boxType` are written by older apps, `category` on named entities. */
const LABELS = ['label', 'frameType', 'boxType', 'category'];

/** The annotations of all views, in the order of the document. */
export function* annotationRows(
  mmif: Mmif,
  { timeline, texts, times }: { readonly timeline: Timeline; readonly texts: DocumentTexts; readonly times: TextTimes },
): Generator<AnnotationRow> {
  for (const view of mmif.views) {
    for (const placed of placedIn(view)) {
      const { annotation } = placed;
      const { id, ...properties } = annotation.properties;
      const time = times.timeOf(placed);
      yield {
        view: view.id,
        app: view.metadata.app,
        type: shortType(annotation['@type']),
        id: longId(view.id, id),
        label: labelOf(placed, timeline),
        start: time && time.start / 1000,
        end: time && time.end / 1000,
        text: texts.textOf(placed),
        properties,
      };
    }
  }
}

function labelOf(placed: PlacedAnnotation, timeline: Timeline): string | null {
  for (const name of LABELS) {
    const label = member(placed.annotation.properties, name) ?? timeline.property(placed, name);
    if (typeof label === 'string' && label !== '') return label;
  }
  return null;
}
