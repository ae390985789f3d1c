import type { ServerResponse } from 'node:http';
import { Controller, Get, Head, Inject, Query, Res } from '@nestjs/common';
import { createSession, isSameSecret, SESSION_COOKIE, SESSION_SECONDS } from '#libs/runtime';
import { SignInRepository } from '#libs/database';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { sendPage } from '../http/plain-page.js';
import { Public } from '../http/public.decorator.js';

/**
 * The one-time link that `npm start` prints. It works once for all replicas together, because Postgres stores the hash
 * of the used code.
 */
@Public(true)
@Tag('access')
@Controller('sign-in')
export class SignInController {
  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
    private readonly codes: SignInRepository,
  ) {}

  /** Link previews send HEAD before a person opens the link; that must not use it up. */
  @Head()
  @Answers({ summary: 'Check a sign-in link without using it', answers: { 204: null } })
  check(@Res() response: ServerResponse): void {
    response.writeHead(204, { 'cache-control': 'no-store' });
    response.end();
  }

  @Get()
  @Answers({
    summary: 'Sign in with a link, which works once',
    query: { code: 'Code of the sign-in link.' },
    answers: {
      303: null,
      403: { type: 'text/html', description: 'The link is not valid; the page explains why.' },
    },
  })
  async signIn(@Query('code') code: unknown, @Res() response: ServerResponse): Promise<void> {
    const { SIGN_IN_CODE: expected, ACCESS_TOKEN: accessToken } = this.config;
    const fits = expected !== undefined && typeof code === 'string' && isSameSecret(code, expected);
    if (!fits || !(await this.codes.useOnce(expected))) {
      sendPage(response, 403, {
        title: 'This sign-in link is not valid',
        text: 'Each link works once, and only the newest link is valid. Start Chowda again (npm start) and open the link that it prints.',
      });
      return;
    }
    const session = createSession(accessToken, Date.now());
    const cookie = `${SESSION_COOKIE}=${session}; Path=/; Max-Age=${SESSION_SECONDS}; HttpOnly; SameSite=Strict`;
    response.writeHead(303, { location: '/', 'set-cookie': cookie, 'cache-control': 'no-store' });
    response.end();
  }
}
