import { z } from 'zod';
import { RUN_STATES } from '../states.js';

export const mediaKindSchema = z.enum(['video', 'audio', 'text', 'image']);
export type MediaKind = z.infer<typeof mediaKindSchema>;

/** Body of `POST /api/media-files`. */
export const newMediaFileSchema = z.strictObject({
  guid: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, 'a GUID contains only letters, digits, "-" and "_"'),
  title: z.string().trim().max(500).default(''),
  /** Absolute path of the file, inside one of the allowed media folders. */
  path: z.string().min(1).max(4096),
});
export type NewMediaFile = z.input<typeof newMediaFileSchema>;

export const mediaFileSchema = z.object({
  id: z.int(),
  guid: z.string(),
  title: z.string(),
  path: z.string(),
  kind: mediaKindSchema,
  createdAt: z.string(),
});
export type MediaFileView = z.infer<typeof mediaFileSchema>;

/** A media file's GUID as people write it: file names, URLs and old spellings are accepted. */
export const guidSpellingSchema = z.string().trim().min(1).max(1000);

/** State of a media file's newest run, not counting drafts; `never`: there is no run. */
export const mediaFileStatusSchema = z.enum(['never', ...RUN_STATES]);
export type MediaFileStatus = z.infer<typeof mediaFileStatusSchema>;

/** A search for media files: all conditions must match. */
export const mediaFileSearchSchema = z.strictObject({
  /** Words; each must be part of the GUID or the title. */
  query: z.string().trim().max(200).optional(),
  status: mediaFileStatusSchema.optional(),
  /** Id of a collection. */
  collection: z.int().nonnegative().max(2_147_483_647).optional(),
});
export type MediaFileSearch = z.infer<typeof mediaFileSearchSchema>;

/** Further values of a media file, by the name of their spreadsheet column. */
export const mediaMetadataSchema = z.record(z.string().max(200), z.string().max(10_000));

/** One row of `GET /api/media-files`. */
export const mediaFileRowSchema = mediaFileSchema.extend({
  status: mediaFileStatusSchema,
  /** Duration in milliseconds; null: not known yet. */
  durationMs: z.int().nullable(),
});
export type MediaFileRow = z.infer<typeof mediaFileRowSchema>;

/** A run of a media file. */
export const mediaFileRunSchema = z.object({
  run: z.int(),
  batch: z.object({ id: z.int(), name: z.string() }),
  pipeline: z.object({ id: z.int(), name: z.string(), version: z.int() }),
  state: z.enum(RUN_STATES),
  sentence: z.string().nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  /** Output of each stage that has one, in order. */
  documents: z.array(
    z.object({ index: z.int(), app: z.string(), sha256: z.string(), bytes: z.int(), url: z.string() }),
  ),
});
export type MediaFileRun = z.infer<typeof mediaFileRunSchema>;

/** Answer of `GET /api/media-files/{guid}`. */
export const mediaFileDetailSchema = mediaFileRowSchema.extend({
  metadata: mediaMetadataSchema,
  collections: z.array(z.object({ id: z.int(), name: z.string() })),
  /** Newest first, including drafts; at most 200. */
  runs: z.array(mediaFileRunSchema),
});
export type MediaFileDetail = z.infer<typeof mediaFileDetailSchema>;

/** Body of `PATCH /api/media-files/{guid}`. */
export const editMediaFileSchema = z
  .strictObject({
    title: newMediaFileSchema.shape.title.unwrap().optional(),
    path: newMediaFileSchema.shape.path.optional(),
    /** Replaces all metadata. */
    metadata: mediaMetadataSchema.optional(),
  })
  .refine((edit) => Object.keys(edit).length > 0, 'provide at least one of title, path and metadata')
  .meta({ examples: [{ title: 'Evening news, 12 May 1987' }] });
export type EditMediaFile = z.infer<typeof editMediaFileSchema>;

/** Answer of `POST /api/media-files/{guid}/link`: a URL that plays the file without sign-in. */
export const mediaLinkSchema = z.object({ url: z.string(), expiresAt: z.string() });
export type MediaLink = z.infer<typeof mediaLinkSchema>;
