import type { AnnotationList, Mmif } from './model.js';

/** Id of an annotation in the whole document: `tf_1` of view `v_0` is `v_0:tf_1`, as MMIF writes it since 1.1. */
export const longId = (view: string, id: string): string => (id.includes(':') ? id : `${view}:${id}`);

/** Ids of the documents that the MMIF document was given, not of texts that apps added. */
export const documentIds = ({ documents }: Mmif<AnnotationList>): ReadonlySet<string> =>
  new Set(documents.map(({ properties }) => properties.id));

/** What a reference in a view means in the whole document: a given document, or an annotation by its long id. */
export const longReference = (view: string, reference: string, documents: ReadonlySet<string>): string =>
  documents.has(reference) ? reference : longId(view, reference);
