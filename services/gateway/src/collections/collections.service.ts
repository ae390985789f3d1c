import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import {
  type changeCollectionFilesSchema,
  type CollectionChange,
  type CollectionView,
  type CreatedCollection,
  type DeletedCollection,
  type EditCollection,
  firstOf,
  type MediaFileRow,
  type newCollectionSchema,
  type UnknownGuids,
} from '#libs/contracts';
import {
  type CollectionSource,
  CollectionsRepository,
  type GivenGuid,
  ImportsRepository,
  MediaFilesRepository,
  type PageRange,
} from '#libs/database';
import { ProblemError, unknown } from '../http/problem-error.js';
import { unknownImport } from '../imports/import-problems.js';
import { guidKey, readGuid } from '../media-files/guid.js';

type NewCollection = z.output<typeof newCollectionSchema>;
type FilesChange = z.output<typeof changeCollectionFilesSchema>;

/** An error lists at most this many GUIDs and counts the others. */
const MAX_LISTED_GUIDS = 20;

/** Named sets of media files. */
@Injectable()
export class CollectionsService {
  constructor(
    private readonly repository: CollectionsRepository,
    private readonly imports: ImportsRepository,
    private readonly files: MediaFilesRepository,
  ) {}

  /** Creates a collection; throws ProblemError when a source is given but yields no media file. */
  async create(request: NewCollection, createdBy: string): Promise<CreatedCollection> {
    const source = sourceOf(request);
    if (source && 'search' in source && source.search.collection !== undefined)
      await this.find(source.search.collection);
    if (source && 'import' in source && !(await this.imports.find(source.import))) throw unknownImport(source.import);
    const { name, description } = request;
    const creation = await this.repository.create({ name, description, createdBy, source });
    if (creation.result === 'name-taken') throw nameTaken(name);
    if (creation.result === 'nothing-found') throw nothingFound(creation.unknown);
    return { ...creation.collection, unknown: creation.unknown };
  }

  list(slice: PageRange, query?: string): Promise<CollectionView[]> {
    return this.repository.list(slice, query);
  }

  async listFiles(id: number, slice: PageRange): Promise<MediaFileRow[]> {
    await this.find(id);
    return this.files.list(slice, { collection: id });
  }

  async find(id: number): Promise<CollectionView> {
    const collection = await this.repository.find(id);
    if (!collection) throw unknown('collection', id);
    return collection;
  }

  async change(id: number, edit: EditCollection, actor: string): Promise<CollectionView> {
    const changed = await this.repository.change(id, edit, actor);
    if (changed === 'name-taken') throw nameTaken(edit.name!);
    if (!changed) throw unknown('collection', id);
    return changed;
  }

  async changeFiles(id: number, { add, remove }: FilesChange, actor: string): Promise<CollectionChange> {
    const files = { add: add.map(givenGuid), remove: remove.map(givenGuid) };
    const change = await this.repository.changeFiles(id, files, actor);
    if (!change) throw unknown('collection', id);
    return change;
  }

  async remove(id: number, actor: string): Promise<DeletedCollection> {
    const removed = await this.repository.remove(id, actor);
    if (!removed) throw unknown('collection', id);
    const { name, files } = removed;
    const kept = files === 1 ? 'Its media file is kept.' : `Its ${files} media files are kept.`;
    return { ...removed, sentence: `The collection "${name}" was deleted. ${files === 0 ? 'It was empty.' : kept}` };
  }
}

function sourceOf({ files, search, import: imported }: NewCollection): CollectionSource | null {
  if (files) return files.length > 0 ? { guids: files.map(givenGuid) } : null;
  if (search) return { search };
  return imported === undefined ? null : { import: imported };
}

/** Text that is not a GUID gets a key that no media file has. */
const givenGuid = (given: string): GivenGuid => ({ given, key: guidKey(readGuid(given) ?? given) });

const nameTaken = (name: string) =>
  new ProblemError(
    409,
    'collection-name-taken',
    'The name is already used',
    `There is already a collection "${name}". Use another name, or add the files to that collection.`,
  );

function nothingFound({ count, guids }: UnknownGuids): ProblemError {
  if (count === 0)
    return new ProblemError(
      422,
      'nothing-found',
      'No media files found',
      'The source contains no media file. Change the search, or omit the source to create an empty collection.',
    );
  const named = firstOf(guids, MAX_LISTED_GUIDS, count);
  return new ProblemError(
    422,
    'unknown-files',
    'Unknown media files',
    `None of these GUIDs belongs to a registered media file: ${named}. Import the files first, or correct the GUIDs.`,
  );
}
