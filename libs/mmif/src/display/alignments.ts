import { documentIds, longId, longReference } from '../model/annotations.js';
import type { Mmif } from '../model/mmif.js';
import { member } from '../model/json.js';
import { shortType } from '../model/type-uri.js';
import { type Timeline, type TimeSpan, union } from '../time/timeline.js';

/** Two items that belong together, such as words and the time frame in which they are spoken. */
export interface DisplayAlignment {
  readonly id: string;
  /** Id of a source document or of an annotation. */
  readonly source: string;
  readonly target: string;
  /** The smallest span that contains both, in milliseconds; null when neither has a time. */
  readonly span: TimeSpan | null;
}

/** The alignments of a document, without those that lack a source or a target. */
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
