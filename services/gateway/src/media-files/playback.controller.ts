import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { MediaFilesRepository } from '#libs/database';
import { Public } from '../http/public.decorator.js';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { ProblemError } from '../http/problem-error.js';
import { readMediaToken } from './media-link.js';
import { mediaType } from './media-type.js';
import { openMedia } from './open-media.js';
import { playMedia } from './play-media.js';

/** Serves media files to players. Players cannot send the access token, so a signed link authorises the request. */
@Public(true)
@Tag('media')
@Controller('media')
export class PlaybackController {
  constructor(
    private readonly files: MediaFilesRepository,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Get(':token')
  @Answers({
    summary: 'Play a media file, or part of it, by a signed link',
    answers: {
      200: { type: 'video/*', description: 'The file.' },
      206: { type: 'video/*', description: 'The part requested by `Range`.' },
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
  new ProblemError(
    403,
    'media-link-invalid',
    'Invalid link',
    'The link is invalid or truncated. Request a new link to the media file.',
  );

const expired = () =>
  new ProblemError(
    410,
    'media-link-expired',
    'The link has expired',
    'Links are valid for one hour. Request a new link to the media file.',
  );

const gone = () =>
  new ProblemError(
    404,
    'media-gone',
    'The file cannot be opened',
    'The media file can no longer be opened. Check whether it still exists at its registered path.',
  );
