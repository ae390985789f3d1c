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
  type newCollectionSchema,
  type UnknownGuids,
} from '#libs/contracts';
import { type CollectionSource, CollectionsRepository, type GivenGuid, ImportsRepository } from '#libs/database';
import { ProblemError, unknown } from '../http/problem-error.js';
import { unknownImport } from '../imports/unknown-import.js';
import { guidKey, readGuid } from '../media-files/guid.js';

type NewCollection = z.output<typeof newCollectionSchema>;
type FilesChange = z.output<typeof changeCollectionFilesSchema>;

/** A refusal names this many GUIDs and counts the others. */
const NAMED_GUIDS = 20;

/** Named sets of media files. */
@Injectable()
export class CollectionsService {
  constructor(
    private readonly repository: CollectionsRepository,
    private readonly imports: ImportsRepository,
  ) {}

  /** Creates a collection; one that was to hold something and would be empty is refused. */
  async create(asked: NewCollection, createdBy: string): Promise<CreatedCollection> {
    const source = sourceOf(asked);
    if (source && 'search' in source && source.search.collection !== undefined)
      await this.find(source.search.collection);
    if (source && 'import' in source && !(await this.imports.find(source.import))) throw unknownImport(source.import);
    const { name, description } = asked;
    const creation = await this.repository.create({ name, description, createdBy, source });
    if (creation.result === 'name-taken') throw nameTaken(name);
    if (creation.result === 'nothing-found') throw nothingFound(creation.unknown);
    return { ...creation.collection, unknown: creation.unknown };
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
    const stay = files === 1 ? 'Its media file stays.' : `Its ${files} media files stay.`;
    return { ...removed, sentence: `The collection "${name}" is gone. ${files === 0 ? 'It was empty.' : stay}` };
  }
}

function sourceOf({ files, search, import: imported }: NewCollection): CollectionSource | null {
  if (files) return files.length > 0 ? { guids: files.map(givenGuid) } : null;
  if (search) return { search };
  return imported === undefined ? null : { import: imported };
}

/** What cannot be a GUID has a key that no media file has. */
const givenGuid = (given: string): GivenGuid => ({ given, key: guidKey(readGuid(given) ?? given) });

const nameTaken = (name: string) =>
  new ProblemError(
    409,
    'collection-name-taken',
    'The name is taken',
    `There is a collection "${name}" already. Use another name, or add the files to that one.`,
  );

function nothingFound({ count, guids }: UnknownGuids): ProblemError {
  if (count === 0)
    return new ProblemError(
      422,
      'nothing-found',
      'Nothing was found',
      'No media file is found this way. Search for something else, or leave the source out to create an empty collection.',
    );
  const named = firstOf(guids, NAMED_GUIDS, count);
  return new ProblemError(
    422,
    'unknown-files',
    'Unknown media files',
    `None of the GUIDs is of a registered media file: ${named}. Import them first, or correct them.`,
  );
}
