import { z } from 'zod';
import { guidSpellingSchema } from './media-files.js';

/** The result of one line of an import. */
export const IMPORT_RESULTS = [
  /** The media file is new. */
  'added',
  /** The media file was already registered. */
  'present',
  /** An earlier line names the same media file. */
  'duplicate',
  /** No file was found. */
  'unknown',
  /** A user has to check the line; it was not imported. */
  'doubtful',
] as const;
export const importResultSchema = z.enum(IMPORT_RESULTS);
export type ImportResult = z.infer<typeof importResultSchema>;

/** How long the report of an import is kept. */
export const IMPORT_REPORT_DAYS = 90;

/** The form of an import. */
export const importSourceSchema = z.enum(['csv', 'guids', 'files', 'folder']);
export type ImportSource = z.infer<typeof importSourceSchema>;

export const importCountsSchema = z.object({
  /** Lines that are not empty. */
  lines: z.int(),
  /** Lines with the result added or present. */
  found: z.int(),
  ...(Object.fromEntries(IMPORT_RESULTS.map((result) => [result, z.int()])) as Record<ImportResult, z.ZodInt>),
});
export type ImportCounts = z.infer<typeof importCountsSchema>;

export const importLineSchema = z.object({
  /** Line of the text, or position in the list, from 1. */
  line: z.int(),
  /** The line as it was sent. */
  given: z.string(),
  /** The GUID that was read from it. */
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
  /** At most 200 lines, those to check first; `GET /api/imports/{id}/lines` returns all. */
  lines: z.array(importLineSchema),
  /** Id of the import; null for a dry run, which stores nothing. */
  import: z.int().nullable(),
});
export type ImportReport = z.infer<typeof importReportSchema>;

/** One media file of a JSON import; all other fields are stored as its metadata. */
export const importFileSchema = z
  .object({
    guid: guidSpellingSchema,
    title: z.string().trim().max(500).optional(),
    /** Absolute, or relative to one of the media folders; without it, the file is searched by its name. */
    path: z.string().trim().max(4096).optional(),
  })
  .catchall(z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]));
export type ImportFile = z.infer<typeof importFileSchema>;

/** JSON body of `POST /api/media-files/imports`. */
export const newImportSchema = z.union([
  z.strictObject({ guids: z.array(guidSpellingSchema).min(1) }),
  z.strictObject({ files: z.array(importFileSchema).min(1) }),
  /** Absolute path of a folder inside the media folders: imports each video and audio file in it. */
  z.strictObject({ folder: z.string().min(1).max(4096) }),
]);
export type NewImport = z.input<typeof newImportSchema>;
