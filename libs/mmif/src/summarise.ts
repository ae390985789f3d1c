import { countTypes, type TypeCounts } from './count-types.js';
import type { Mmif, ViewError } from './model.js';

/** One view in short. */
export interface ViewSummary {
  readonly id: string;
  readonly app: string;
  readonly timestamp: string | null;
  readonly counts: TypeCounts;
  readonly error: ViewError | null;
  readonly warnings: readonly string[];
}

/** A document in short: its views in their order, and the annotations of all of them by short type. */
export interface MmifSummary {
  readonly views: readonly ViewSummary[];
  readonly totals: TypeCounts;
}

/** Tells in short what a document holds. */
export function summarise({ views }: Mmif): MmifSummary {
  return {
    views: views.map(({ id, metadata, annotations }) => ({
      id,
      app: metadata.app,
      timestamp: metadata.timestamp ?? null,
      counts: countTypes(annotations),
      error: metadata.error ?? null,
      warnings: metadata.warnings ?? [],
    })),
    totals: countTypes(views.flatMap(({ annotations }) => annotations)),
  };
}
