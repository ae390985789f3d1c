import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { MediaFilesRepository } from '#libs/database';
import { Public } from '../access/public.decorator.js';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { ProblemError } from '../http/problem-error.js';
import { readMediaToken } from './media-link.js';
import { mediaType } from './media-type.js';
import { openMedia } from './open-media.js';
import { playMedia } from './play-media.js';

/** Media files for players, which send no token of ours: the address itself is what lets them in. */
@Public(true)
@Tag('media')
@Controller('media')
export class MediaController {
  constructor(
    private readonly files: MediaFilesRepository,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Get(':token')
  @Answers({
    summary: 'Play a media file, or a part of it, by a link',
    answers: {
      200: { type: 'video/*', description: 'The file.' },
      206: { type: 'video/*', description: 'The part of it that `Range` asks for.' },
      304: null,
    },
    problems: {
      403: ['media-link-invalid'],
      404: ['media-gone'],
      410: ['media-link-expired'],
      416: ['range-not-satisfiable'],
      422: ['media-outside-folders', 'media-missing'],
    },
  })
  async play(
    @Param('token') token: string,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const id = readMediaToken(this.config.ACCESS_TOKEN, token, Date.now());
    if (id === 'forged') throw invalid();
    if (id === 'expired') throw expired();
    const file = await this.files.find(id);
    const media = file && (await openMedia(file.path, this.config.MEDIA_FOLDERS));
    if (!media) throw gone();
    response.setHeader('content-type', mediaType(file.kind, file.path));
    await playMedia(request, response, media);
  }
}

const invalid = () =>
  new ProblemError(403, 'media-link-invalid', 'This link does not work', 'Ask for a new link to the media file.');

const expired = () =>
  new ProblemError(410, 'media-link-expired', 'The link has expired', 'Ask for a new link to the media file.');

const gone = () =>
  new ProblemError(
    404,
    'media-gone',
    'The file is gone',
    'The media file cannot be opened any more. Look whether it is where it is registered.',
  );
