import type { DisplayAlignment } from './alignments.js';
import { documentIds, longId, longReference } from '../model/annotations.js';
import type { Annotation, Mmif } from '../model/mmif.js';
import { member } from '../model/json.js';
import { sharedProperties } from '../model/annotations.js';
import { shortType } from '../model/type-uri.js';
import { textOf } from '../model/annotations.js';
import { type TimeSpan, union } from '../time/timeline.js';

/** A source text, or a text that an app added. */
export interface DisplayText {
  readonly id: string;
  /** The app that added it; null for a source text. */
  readonly app: string | null;
  /** The content; null when it is stored elsewhere, at `location`. */
  readonly text: string | null;
  readonly location: string | null;
  /** When it is shown or spoken, in milliseconds, from the alignments of the text and of its parts; null if unknown. */
  readonly span: TimeSpan | null;
}

/** The texts of a document. A text has a time when it, or an annotation of it such as a word, is aligned with a time. */
export function textsOf(mmif: Mmif, alignments: readonly DisplayAlignment[]): DisplayText[] {
  const spans = new Map<string, TimeSpan>();
  const extend = (id: string, span: TimeSpan | null) => {
    const known = union(spans.get(id) ?? null, span);
    if (known) spans.set(id, known);
  };
  for (const { source, target, span } of alignments) {
    extend(source, span);
    extend(target, span);
  }
  const documents = documentIds(mmif);
  for (const view of mmif.views) {
    const shared = sharedProperties(view);
    for (const { '@type': type, properties } of view.annotations) {
      const span = spans.get(longId(view.id, properties.id));
      const document = member(properties, 'document') ?? member(shared(type), 'document');
      // A text document names the document that it was read from, but is not a part of it.
      if (!span || typeof document !== 'string' || shortType(type) === 'TextDocument') continue;
      extend(longReference(view.id, document, documents), span);
    }
  }
  const describe = (annotation: Annotation, id: string, app: string | null): DisplayText[] =>
    shortType(annotation['@type']) === 'TextDocument'
      ? [{ id, app, ...content(annotation), span: spans.get(id) ?? null }]
      : [];
  return [
    ...mmif.documents.flatMap((document) => describe(document, document.properties.id, null)),
    ...mmif.views.flatMap((view) =>
      view.annotations.flatMap((annotation) =>
        describe(annotation, longId(view.id, annotation.properties.id), view.metadata.app),
      ),
    ),
  ];
}

function content(document: Annotation): Pick<DisplayText, 'text' | 'location'> {
  const location = member(document.properties, 'location');
  return {
    text: textOf(document),
    location: typeof location === 'string' && location !== '' ? location : null,
  };
}
