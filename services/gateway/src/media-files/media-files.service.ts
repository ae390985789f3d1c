import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type {
  EditMediaFile,
  MediaFileDetail,
  MediaFileRow,
  MediaFileView,
  MediaKind,
  MediaLink,
  newMediaFileSchema,
} from '#libs/contracts';
import {
  CollectionsRepository,
  MediaFileDetailsRepository,
  MediaFilesRepository,
  type PageRange,
} from '#libs/database';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import { ProblemError, unknown } from '../http/problem-error.js';
import { createMediaToken, LINK_SECONDS } from './media-link.js';
import { guidKey, readGuid } from './guid.js';
import { measureMedia } from './media-duration.js';
import { mediaKind } from './media-kind.js';
import { locateMedia, readHead } from './media-path.js';

const documentAddress = (run: number, index: number): string => `/api/runs/${run}/stages/${index}/document`;

/** Registers, finds and changes media files. The content of a file is checked before its path is accepted. */
@Injectable()
export class MediaFilesService {
  constructor(
    private readonly repository: MediaFilesRepository,
    private readonly details: MediaFileDetailsRepository,
    private readonly collections: CollectionsRepository,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Registers a media file, or returns the existing one with the same GUID and path. Throws ProblemError. */
  async register(
    { guid, title, path: givenPath }: z.output<typeof newMediaFileSchema>,
    actor: string,
  ): Promise<{ created: boolean; file: MediaFileView }> {
    const file = await this.inspect(givenPath);
    const { path } = file;
    const registration = await this.repository.register({ guid, title, ...file, registeredBy: actor });
    if (registration.file.path !== path)
      throw new ProblemError(
        409,
        'guid-taken',
        'The GUID is already registered',
        `${guid} is already registered as ${registration.file.path}. Use another GUID for this file.`,
      );
    return registration;
  }

  /** The media file with a GUID in any spelling; an exact match wins when several spellings are registered. */
  async named(given: string): Promise<MediaFileView> {
    const read = readGuid(given);
    const files = read === null ? [] : await this.repository.ofKey(guidKey(read));
    const file = files.find(({ guid }) => guid === given) ?? files[0];
    if (!file) throw unknown('media file', given.slice(0, 200));
    return file;
  }

  async describe(given: string): Promise<MediaFileDetail> {
    const { id } = await this.named(given);
    return (await this.details.find(id, documentAddress))!;
  }

  async change(given: string, { title, path, metadata }: EditMediaFile, actor: string): Promise<MediaFileDetail> {
    const { id } = await this.named(given);
    const file = path === undefined ? undefined : await this.inspect(path);
    await this.repository.change(id, { title, metadata, file }, actor);
    return (await this.details.find(id, documentAddress))!;
  }

  /** Creates a link to play a media file; throws ProblemError when the file is not readable. */
  async link(given: string): Promise<MediaLink> {
    const { id, path } = await this.named(given);
    await readHead(await locateMedia(path, this.config.MEDIA_FOLDERS));
    const expiry = Math.floor(Date.now() / 1000) + LINK_SECONDS;
    return {
      url: `/media/${createMediaToken(this.config.ACCESS_TOKEN, id, expiry)}`,
      expiresAt: new Date(expiry * 1000).toISOString(),
    };
  }

  /** Throws ProblemError if the collection does not exist. */
  async list(slice: PageRange, search: Parameters<MediaFilesRepository['list']>[1] & object): Promise<MediaFileRow[]> {
    const { collection } = search;
    if (collection !== undefined && !(await this.collections.find(collection))) throw unknown('collection', collection);
    return this.repository.list(slice, search);
  }

  private async inspect(given: string): Promise<{ path: string; kind: MediaKind; durationMs: number | null }> {
    const path = await locateMedia(given, this.config.MEDIA_FOLDERS);
    const kind = mediaKind(path, await readHead(path));
    if (kind !== null) return { path, kind, durationMs: await measureMedia(path) };
    throw new ProblemError(
      422,
      'no-media',
      'The file is neither video nor audio',
      `${path} is not a recognised video or audio file. Check that it is the correct file.`,
    );
  }
}
