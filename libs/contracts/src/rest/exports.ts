import { z } from 'zod';
import { RUN_STATES } from '../states.js';

/** Export formats: the unchanged document, subtitles, plain text, and annotations as a table or as JSON lines. */
export const EXPORT_FORMATS = ['mmif', 'vtt', 'srt', 'txt', 'csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Which documents of a run are exported: the last one, or one for each stage. */
export const EXPORT_STAGES = ['final', 'all'] as const;
export type ExportStages = (typeof EXPORT_STAGES)[number];

/** One file of a batch's zip, or why it is missing: a line of `manifest.csv` and of `files` in `manifest.json`. */
export const manifestLineSchema = z.object({
  row: z.int(),
  guid: z.string(),
  run: z.int(),
  state: z.enum(RUN_STATES),
  /** From 0. */
  stage: z.int(),
  app: z.string(),
  format: z.enum(EXPORT_FORMATS),
  /** Name in the zip; null: missing. */
  file: z.string().nullable(),
  bytes: z.int().nullable(),
  sha256: z.string().nullable(),
  /** Why the file is missing; null: it is included. */
  missing: z.string().nullable(),
});
export type ManifestLine = z.infer<typeof manifestLineSchema>;

/** `manifest.json` of a batch's zip. */
export const manifestSchema = z.object({
  batch: z.object({ id: z.int(), name: z.string() }),
  pipeline: z.object({ name: z.string(), version: z.int() }),
  /** Point in time of the exported state. */
  at: z.string(),
  formats: z.array(z.enum(EXPORT_FORMATS)),
  stages: z.enum(EXPORT_STAGES),
  files: z.array(manifestLineSchema),
  counts: z.object({ files: z.int(), missing: z.int() }),
});
export type Manifest = z.infer<typeof manifestSchema>;
