import { type Mmif, shortType } from '#libs/mmif';

/** A text in an MMIF document; `id` is unique in the whole document, as in `v_1:td_1`. */
export interface TextDocument {
  readonly id: string;
  readonly text: string;
}

function inlineText(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const text = (value as Record<string, unknown>)['@value'];
  return typeof text === 'string' ? text : null;
}

/** Inline texts of the source documents and of all views; texts that are only referenced by location are omitted. */
export function findTexts({ documents, views }: Mmif): TextDocument[] {
  const given = documents.map((annotation) => ({ annotation, id: annotation.properties.id }));
  const added = views.flatMap((view) =>
    view.annotations.map((annotation) => {
      const { id } = annotation.properties;
      return { annotation, id: id.includes(':') ? id : `${view.id}:${id}` };
    }),
  );
  return [...given, ...added].flatMap(({ annotation, id }) => {
    if (shortType(annotation['@type']) !== 'TextDocument') return [];
    const text = inlineText(annotation.properties['text']);
    return text === null ? [] : [{ id, text }];
  });
}
