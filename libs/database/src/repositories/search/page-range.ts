/** A page of a list: the rows after a key (null: from the start), at most `limit`. */
export interface PageRange {
  readonly after: number | null;
  readonly limit: number;
}
