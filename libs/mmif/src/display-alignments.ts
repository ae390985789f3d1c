import { documentIds, longId, longReference } from './ids.js';
import type { Mmif } from './model.js';
import { member } from './parse-json.js';
import { shortType } from './short-type.js';
import { type Timeline, type TimeSpan, union } from './timeline.js';

/** Two things that belong together, such as words and the time in which they are said. */
export interface DisplayAlignment {
  readonly id: string;
  /** Id of a given document or of an annotation. */
  readonly source: string;
  readonly target: string;
  /** The time of the two together, in milliseconds; null when neither is in time. */
  readonly span: TimeSpan | null;
}

/** The alignments of a document; those without source or target are left out. */
export function alignmentsOf(mmif: Mmif, timeline: Timeline): DisplayAlignment[] {
  const documents = documentIds(mmif);
  return mmif.views.flatMap((view) =>
    view.annotations.flatMap(({ '@type': type, properties }) => {
      if (shortType(type) !== 'Alignment') return [];
      const [source, target] = [member(properties, 'source'), member(properties, 'target')];
      if (typeof source !== 'string' || typeof target !== 'string') return [];
      const spanOf = (reference: string) => {
        const found = documents.has(reference) ? undefined : timeline.find(view, reference);
        return found ? timeline.spanOf(found) : null;
      };
      return {
        id: longId(view.id, properties.id),
        source: longReference(view.id, source, documents),
        target: longReference(view.id, target, documents),
        span: union(spanOf(source), spanOf(target)),
      };
    }),
  );
}
