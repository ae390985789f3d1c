/** Properties of a document or annotation; `id` is always present. */
export type Properties = { readonly id: string } & Readonly<Record<string, unknown>>;

/** A type and properties. */
export interface Annotation {
  readonly '@type': string;
  readonly properties: Properties;
}

/** A document: the location of its media (`location`, a URI) or, for a text, its content (`text`, with `@value`). */
export type MmifDocument = Annotation;

/** What an app reports instead of annotations when it fails. */
export interface ViewError {
  readonly message: string;
  readonly stackTrace: string;
}

/** Who added a view, when, and what it contains: annotation types, an error or warnings. */
export type ViewMetadata = {
  /** Identifier of the app; empty when the view does not name it. */
  readonly app: string;
  readonly timestamp?: string;
  /** Annotation types of the view, each with the properties that all its annotations share. */
  readonly contains?: Readonly<Record<string, unknown>>;
  readonly error?: ViewError;
  readonly warnings?: readonly string[];
} & Readonly<Record<string, unknown>>;

/** Annotations in their order: an array, or a list that parses them on access. */
export interface AnnotationList extends Iterable<Annotation> {
  readonly length: number;
  at(index: number): Annotation | undefined;
}

/** What one app added. */
export interface View<List extends AnnotationList = readonly Annotation[]> {
  readonly id: string;
  readonly metadata: ViewMetadata;
  readonly annotations: List;
}

/** A parsed copy of an MMIF document. Never serialise it: documents are only changed as text (see `write/`). */
export interface Mmif<List extends AnnotationList = readonly Annotation[]> {
  readonly metadata: { readonly mmif: string } & Readonly<Record<string, unknown>>;
  readonly documents: readonly MmifDocument[];
  readonly views: readonly View<List>[];
}
