import { z } from 'zod';
import { RUN_STATES } from '../states.js';

/** What documents are exported as: as they stand, as subtitles, as text, and their annotations as a table or line by line. */
export const EXPORT_FORMATS = ['mmif', 'vtt', 'srt', 'txt', 'csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const oneFormat = EXPORT_FORMATS.join('|');

/** Query of `GET /api/runs/{id}/export`. */
export const runExportQuerySchema = z.strictObject({
  format: z.enum(EXPORT_FORMATS).default('mmif'),
  /** From 0; default: the last stage. */
  stage: z
    .string()
    .regex(/^\d{1,4}$/, 'a stage is a number, counted from 0')
    .transform(Number)
    .optional(),
});
export type RunExportQuery = z.output<typeof runExportQuerySchema>;

/** Query of `GET /api/batches/{id}/export`. */
export const batchExportQuerySchema = z.strictObject({
  /** Names of formats, with commas between them. */
  formats: z
    .string()
    .regex(new RegExp(`^(${oneFormat})(,(${oneFormat}))*$`), `list formats with commas: ${EXPORT_FORMATS.join(',')}`)
    .default('mmif')
    .transform((names) => [...new Set(names.split(','))] as ExportFormat[]),
  /** The last document of each file, or those of all stages. */
  stages: z.enum(['final', 'all']).default('final'),
});
export type BatchExportQuery = z.output<typeof batchExportQuerySchema>;

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
  /** Its name in the zip; null: it is missing. */
  file: z.string().nullable(),
  bytes: z.int().nullable(),
  sha256: z.string().nullable(),
  /** Why it is missing; null: it is there. */
  missing: z.string().nullable(),
});
export type ManifestLine = z.infer<typeof manifestLineSchema>;

/** `manifest.json` of a batch's zip. */
export const manifestSchema = z.object({
  batch: z.object({ id: z.int(), name: z.string() }),
  pipeline: z.object({ name: z.string(), version: z.int() }),
  /** The moment of which everything in the zip is. */
  at: z.string(),
  formats: z.array(z.enum(EXPORT_FORMATS)),
  stages: z.enum(['final', 'all']),
  files: z.array(manifestLineSchema),
  counts: z.object({ files: z.int(), missing: z.int() }),
});
export type Manifest = z.infer<typeof manifestSchema>;
