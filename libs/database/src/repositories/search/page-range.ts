/** Which rows of a list: those after a key (null: from the beginning), and how many at most. */
export interface Slice {
  readonly after: number | null;
  readonly limit: number;
}
