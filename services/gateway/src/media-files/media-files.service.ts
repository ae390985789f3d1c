import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { MediaFileView, newMediaFileSchema } from '#libs/contracts';
import { MediaFilesRepository } from '#libs/database';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import { ProblemError } from '../http/problem-error.js';
import { mediaKind } from './media-kind.js';
import { locateMedia, readHead } from './media-path.js';

/** Registers media files after a look at the file itself. */
@Injectable()
export class MediaFilesService {
  constructor(
    private readonly repository: MediaFilesRepository,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** The same GUID and path again is the same media file; throws ProblemError for whatever cannot be one. */
  async register({
    guid,
    title,
    path: givenPath,
  }: z.output<typeof newMediaFileSchema>): Promise<{ created: boolean; file: MediaFileView }> {
    const path = await locateMedia(givenPath, this.config.MEDIA_FOLDERS);
    const kind = mediaKind(path, await readHead(path));
    if (kind === null)
      throw new ProblemError(
        422,
        'no-media',
        'The file is neither video nor audio',
        `The name or the content of ${path} is of no video or audio format known here. Check whether it is the right file.`,
      );
    const registration = await this.repository.register({ guid, title, path, kind });
    if (registration.file.path !== path)
      throw new ProblemError(
        409,
        'guid-taken',
        'The GUID is taken',
        `${guid} is already registered as ${registration.file.path}. Use another GUID for this file.`,
      );
    return registration;
  }
}
