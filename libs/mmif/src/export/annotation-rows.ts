import type { JsonObject } from '../model/json.js';
import type { ExportView } from './export-items.js';

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

/** The annotations of all views, in the order of the document. */
export function* annotationRows(views: readonly ExportView[]): Generator<AnnotationRow> {
  for (const view of views) {
    for (const { annotation, type, id, label, text, time } of view.items) {
      const { id: _, ...properties } = annotation.properties;
      yield {
        view: view.id,
        app: view.app,
        type,
        id,
        label,
        start: time && time.start / 1000,
        end: time && time.end / 1000,
        text,
        properties,
      };
    }
  }
}
