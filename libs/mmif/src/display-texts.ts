import type { DisplayAlignment } from './display-alignments.js';
import { documentIds, longId, longReference } from './ids.js';
import type { Annotation, Mmif } from './model.js';
import { member } from './parse-json.js';
import { sharedProperties } from './shared-properties.js';
import { shortType } from './short-type.js';
import { textOf } from './text-of.js';
import { type TimeSpan, union } from './timeline.js';

/** A text that was given or that an app added. */
export interface DisplayText {
  readonly id: string;
  /** The app that added it; null for a given one. */
  readonly app: string | null;
  /** What it says; null when it stands elsewhere, at `location`. */
  readonly text: string | null;
  readonly location: string | null;
  /** When it is shown or said, in milliseconds, as far as alignments of it or of its parts tell. */
  readonly span: TimeSpan | null;
}

/** The texts of a document. A text is in time when it, or an annotation of it such as a word, is aligned with a time. */
export function textsOf(mmif: Mmif, alignments: readonly DisplayAlignment[]): DisplayText[] {
  const spans = new Map<string, TimeSpan>();
  const learn = (id: string, span: TimeSpan | null) => {
    const known = union(spans.get(id) ?? null, span);
    if (known) spans.set(id, known);
  };
  for (const { source, target, span } of alignments) {
    learn(source, span);
    learn(target, span);
  }
  const documents = documentIds(mmif);
  for (const view of mmif.views) {
    const shared = sharedProperties(view);
    for (const { '@type': type, properties } of view.annotations) {
      const span = spans.get(longId(view.id, properties.id));
      const document = member(properties, 'document') ?? member(shared(type), 'document');
      // A text document of its own names what it was read from, of which it is no part.
      if (!span || typeof document !== 'string' || shortType(type) === 'TextDocument') continue;
      learn(longReference(view.id, document, documents), span);
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
