import { z } from 'zod';
import { RUN_STATES } from '../states.js';
import { mediaFileSchema, newMediaFileSchema } from './registry.js';

/** A media file's GUID as people write it: file names, addresses and old spellings are understood. */
export const guidSpellingSchema = z.string().trim().min(1).max(1000);

/** State of a media file's newest run, drafts left out; `never` while there is none. */
export const mediaFileStatusSchema = z.enum(['never', ...RUN_STATES]);
export type MediaFileStatus = z.infer<typeof mediaFileStatusSchema>;

/** Which media files: all conditions hold together. */
export const mediaFileSearchSchema = z.strictObject({
  /** Words; each one is part of the GUID or the title. */
  query: z.string().trim().max(200).optional(),
  status: mediaFileStatusSchema.optional(),
  /** Id of a collection. */
  collection: z.int().nonnegative().max(2_147_483_647).optional(),
});
export type MediaFileSearch = z.infer<typeof mediaFileSearchSchema>;

/** What else is known of a media file, by the name of its column in a spreadsheet. */
export const mediaMetadataSchema = z.record(z.string().max(200), z.string().max(10_000));

/** One row of `GET /api/media-files`. */
export const mediaFileRowSchema = mediaFileSchema.extend({
  status: mediaFileStatusSchema,
  /** Running time in milliseconds; null while it is not known. */
  durationMs: z.int().nullable(),
});
export type MediaFileRow = z.infer<typeof mediaFileRowSchema>;

/** A run of a media file, as its page lists it. */
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
  /** Newest first, drafts included; 200 at most. */
  runs: z.array(mediaFileRunSchema),
});
export type MediaFileDetail = z.infer<typeof mediaFileDetailSchema>;

/** Body of `PATCH /api/media-files/{guid}`. */
export const editMediaFileSchema = z
  .strictObject({
    title: newMediaFileSchema.shape.title.unwrap().optional(),
    path: newMediaFileSchema.shape.path.optional(),
    /** Takes the place of all of it. */
    metadata: mediaMetadataSchema.optional(),
  })
  .refine((edit) => Object.keys(edit).length > 0, 'say what is to change: title, path or metadata')
  .meta({ examples: [{ title: 'Evening news, 12 May 1987' }] });
export type EditMediaFile = z.infer<typeof editMediaFileSchema>;

/** Answer of `POST /api/media-files/{guid}/link`: an address that plays the file without any sign-in. */
export const mediaLinkSchema = z.object({ url: z.string(), expiresAt: z.string() });
export type MediaLink = z.infer<typeof mediaLinkSchema>;
