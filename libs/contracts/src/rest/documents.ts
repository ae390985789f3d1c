import { z } from 'zod';

const typeCounts = z.record(z.string(), z.int().nonnegative());
/** Milliseconds of the media. */
const timeSpan = z.object({ start: z.number(), end: z.number() });

/** Answer of `GET /api/runs/{id}/stages/{index}/summary`: what a document holds, in short. */
export const mmifSummarySchema = z.object({
  /** Version of the format, such as `1.0.5`, or the URI that stands there instead. */
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
      /** Seconds that the app ran. */
      runningTime: z.number().nullable(),
    }),
  ),
  /** Annotations of all views by short type. */
  totals: typeCounts,
  /** Length of the media in milliseconds, when the document tells it. */
  duration: z.number().nullable(),
  /** Latest annotated time in milliseconds. */
  latest: z.number().nullable(),
});
export type MmifSummaryView = z.infer<typeof mmifSummarySchema>;

/** Answer of `GET /api/runs/{id}/stages/{index}/index`: what a page shows of a document beside its media. */
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
  /** TimeFrames and TimePoints without a place in time. */
  unplaced: z.int().nonnegative(),
  texts: z.array(
    z.object({
      id: z.string(),
      /** The app that added it; null for a given one. */
      app: z.string().nullable(),
      /** What it says; null when it stands elsewhere, at `location`. */
      text: z.string().nullable(),
      location: z.string().nullable(),
      span: timeSpan.nullable(),
    }),
  ),
  alignments: z.array(z.object({ id: z.string(), source: z.string(), target: z.string(), span: timeSpan.nullable() })),
});
export type DisplayIndexView = z.infer<typeof displayIndexSchema>;
