import { z } from 'zod';
import { guidSpellingSchema, mediaFileSearchSchema } from './media-files.js';

/** Enough for a whole archive in one collection. */
const MAX_FILES = 300_000;

const name = z.string().trim().min(1).max(200);
const description = z.string().trim().max(2000);
const guids = z.array(guidSpellingSchema).max(MAX_FILES);

/** Body of `POST /api/collections`: the collection is empty, or filled from one of `files`, `search` and `import`. */
export const newCollectionSchema = z
  .strictObject({
    name,
    description: description.default(''),
    /** GUIDs. */
    files: guids.optional(),
    /** All media files that match at this moment. */
    search: mediaFileSearchSchema.optional(),
    /** Id of an import: all media files that it found. */
    import: z.int().nonnegative().max(2_147_483_647).optional(),
  })
  .refine(
    ({ files, search, import: imported }) =>
      [files, search, imported].filter((source) => source !== undefined).length <= 1,
    'use only one of files, search and import',
  );
export type NewCollection = z.input<typeof newCollectionSchema>;

export const collectionSchema = z.object({
  id: z.int(),
  name: z.string(),
  description: z.string(),
  /** Number of media files. */
  files: z.int(),
  createdBy: z.string(),
  createdAt: z.string(),
});
export type CollectionView = z.infer<typeof collectionSchema>;

/** GUIDs without a media file: their number, and the first of them as they were sent. */
export const unknownGuidsSchema = z.object({ count: z.int(), guids: z.array(z.string()) });
export type UnknownGuids = z.infer<typeof unknownGuidsSchema>;

/** Answer to `POST /api/collections`. */
export const createdCollectionSchema = collectionSchema.extend({ unknown: unknownGuidsSchema });
export type CreatedCollection = z.infer<typeof createdCollectionSchema>;

/** Body of `PATCH /api/collections/{id}`. */
export const editCollectionSchema = z
  .strictObject({ name: name.optional(), description: description.optional() })
  .refine((edit) => Object.keys(edit).length > 0, 'provide name, description or both')
  .meta({ examples: [{ name: 'News of 1987' }] });
export type EditCollection = z.infer<typeof editCollectionSchema>;

/** Body of `POST /api/collections/{id}/files`: GUIDs. A GUID in both lists is removed. */
export const changeCollectionFilesSchema = z
  .strictObject({ add: guids.default([]), remove: guids.default([]) })
  .refine(({ add, remove }) => add.length + remove.length > 0, 'name GUIDs to add or to remove')
  .meta({ examples: [{ add: ['cpb-aacip-507-zw18k75z4h'] }] });
export type ChangeCollectionFiles = z.input<typeof changeCollectionFilesSchema>;

/** Answer to `POST /api/collections/{id}/files`: the actual changes. */
export const collectionChangeSchema = z.object({
  collection: collectionSchema,
  added: z.int(),
  removed: z.int(),
  unknown: unknownGuidsSchema,
});
export type CollectionChange = z.infer<typeof collectionChangeSchema>;

/** Answer to `DELETE /api/collections/{id}`; the media files remain registered. */
export const deletedCollectionSchema = collectionSchema.extend({ sentence: z.string() });
export type DeletedCollection = z.infer<typeof deletedCollectionSchema>;
