import { z } from 'zod';

export const mediaKindSchema = z.enum(['video', 'audio', 'text', 'image']);
export type MediaKind = z.infer<typeof mediaKindSchema>;

/** Body of `POST /api/media-files`. */
export const newMediaFileSchema = z.strictObject({
  guid: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, 'a GUID has letters, digits, "-" and "_" only'),
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
