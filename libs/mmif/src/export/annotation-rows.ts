import { longId } from '../ids.js';
import type { Mmif } from '../model.js';
import { type JsonObject, member } from '../parse-json.js';
import { shortType } from '../short-type.js';
import { type PlacedAnnotation, placedIn, type Timeline } from '../timeline.js';
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
  /** Seconds; null when it has no place in time. */
  readonly start: number | null;
  readonly end: number | null;
  readonly text: string | null;
  /** Everything that the annotation says of itself, but for its id. */
  readonly properties: JsonObject;
}

/** `frameType` and `boxType` of older apps, `category` of names. */
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
      const time = times.of(placed);
      yield {
        view: view.id,
        app: view.metadata.app,
        type: shortType(annotation['@type']),
        id: longId(view.id, id),
        label: labelOf(placed, timeline),
        start: time && time.start / 1000,
        end: time && time.end / 1000,
        text: texts.said(placed),
        properties,
      };
    }
  }
}

function labelOf(placed: PlacedAnnotation, timeline: Timeline): string | null {
  for (const name of LABELS) {
    const label = member(placed.annotation.properties, name) ?? timeline.stated(placed, name);
    if (typeof label === 'string' && label !== '') return label;
  }
  return null;
}
