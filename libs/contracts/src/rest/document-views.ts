import { z } from 'zod';

const typeCounts = z.record(z.string(), z.int().nonnegative());
/** Milliseconds of the media. */
const timeSpan = z.object({ start: z.number(), end: z.number() });

/** Answer of `GET /api/runs/{id}/stages/{index}/summary`: an overview of a document. */
export const mmifSummarySchema = z.object({
  /** MMIF version, such as `1.0.5`, or the URI that the document contains instead. */
  version: z.string(),
  documents: z.array(
    z.object({ id: z.string(), type: z.string(), mime: z.string().nullable(), location: z.string().nullable() }),
  ),
  views: z.array(
    z.object({
      id: z.string(),
      app: z.string(),
      timestamp: z.string().nullable(),
      /** Annotations by short type. */
      counts: typeCounts,
      error: z.object({ message: z.string(), stackTrace: z.string() }).nullable(),
      warnings: z.array(z.string()),
      /** Running time of the app in seconds. */
      runningTime: z.number().nullable(),
    }),
  ),
  /** Annotations of all views by short type. */
  totals: typeCounts,
  /** Duration of the media in milliseconds; null: not in the document. */
  duration: z.number().nullable(),
  /** Latest annotated time in milliseconds. */
  latest: z.number().nullable(),
});
export type MmifSummaryView = z.infer<typeof mmifSummarySchema>;

/** Answer of `GET /api/runs/{id}/stages/{index}/index`: the parts of a document that a page shows next to the media. */
export const displayIndexSchema = z.object({
  duration: z.number().nullable(),
  /** TimeFrames and TimePoints by app and label, in order of time. */
  lanes: z.array(
    z.object({
      app: z.string(),
      kind: z.enum(['frames', 'points']),
      label: z.string().nullable(),
      items: z.array(timeSpan.extend({ id: z.string() })),
    }),
  ),
  /** Number of TimeFrames and TimePoints without a time. */
  unplaced: z.int().nonnegative(),
  texts: z.array(
    z.object({
      id: z.string(),
      /** The app that added it; null: part of the input. */
      app: z.string().nullable(),
      /** Its content; null when it is stored at `location`. */
      text: z.string().nullable(),
      location: z.string().nullable(),
      span: timeSpan.nullable(),
    }),
  ),
  alignments: z.array(z.object({ id: z.string(), source: z.string(), target: z.string(), span: timeSpan.nullable() })),
});
export type DisplayIndexView = z.infer<typeof displayIndexSchema>;
