import { z } from 'zod';
import { guidSpellingSchema } from './media-files.js';

/** What became of one line of an import. */
export const IMPORT_RESULTS = [
  /** It is a new media file. */
  'added',
  /** The media file was there before. */
  'present',
  /** The same list has named it before. */
  'duplicate',
  /** There is no file for it. */
  'unknown',
  /** A person has to look: nothing was done. */
  'doubtful',
] as const;
export const importResultSchema = z.enum(IMPORT_RESULTS);
export type ImportResult = z.infer<typeof importResultSchema>;

/** How long the report of an import is kept. */
export const IMPORT_REPORT_DAYS = 90;

/** What an import was given as. */
export const importSourceSchema = z.enum(['csv', 'guids', 'files', 'folder']);
export type ImportSource = z.infer<typeof importSourceSchema>;

export const importCountsSchema = z.object({
  /** Lines that are not empty. */
  lines: z.int(),
  /** Those added or present. */
  found: z.int(),
  ...(Object.fromEntries(IMPORT_RESULTS.map((result) => [result, z.int()])) as Record<ImportResult, z.ZodInt>),
});
export type ImportCounts = z.infer<typeof importCountsSchema>;

export const importLineSchema = z.object({
  /** Line of the text, or position in the list, from 1. */
  line: z.int(),
  /** As it was given. */
  given: z.string(),
  /** As it was understood. */
  guid: z.string().nullable(),
  result: importResultSchema,
  sentence: z.string(),
});
export type ImportLine = z.infer<typeof importLineSchema>;

/** Answer to `POST /api/media-files/imports` and, for 90 days, of `GET /api/imports/{id}`. */
export const importReportSchema = z.object({
  dryRun: z.boolean(),
  source: importSourceSchema,
  counts: importCountsSchema,
  /** Those that need a look first; 200 at most, the rest is at `GET /api/imports/{id}/lines`. */
  lines: z.array(importLineSchema),
  /** Id of the import; null for a dry run, which leaves nothing behind. */
  import: z.int().nullable(),
});
export type ImportReport = z.infer<typeof importReportSchema>;

/** One media file of a JSON import; what else it says is kept as its metadata. */
export const importFileSchema = z
  .object({
    guid: guidSpellingSchema,
    title: z.string().trim().max(500).optional(),
    /** Absolute, or inside one of the media folders; without it the file is looked for by its name. */
    path: z.string().trim().max(4096).optional(),
  })
  .catchall(z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]));
export type ImportFile = z.infer<typeof importFileSchema>;

/** JSON body of `POST /api/media-files/imports`. */
export const newImportSchema = z.union([
  z.strictObject({ guids: z.array(guidSpellingSchema).min(1) }),
  z.strictObject({ files: z.array(importFileSchema).min(1) }),
  /** Absolute folder inside the media folders: each video and audio file in it. */
  z.strictObject({ folder: z.string().min(1).max(4096) }),
]);
export type NewImport = z.input<typeof newImportSchema>;
