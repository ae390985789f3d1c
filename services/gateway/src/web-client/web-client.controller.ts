import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { Controller, Get, Inject, NotFoundException, Req, Res } from '@nestjs/common';
import { Public } from '../access/public.decorator.js';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import { type ApiRequest, pathOf } from '../http/api-request.js';
import { sendPage } from '../http/plain-page.js';

/** Paths that belong to programs: what is not found there is no page of the web client. */
const FOR_PROGRAMS = /^\/(api|socket\.io|assets)(\/|$)/i;

/** The page of every client route; the client itself says when there is nothing behind one. */
@Public(true)
@Controller()
export class WebClientController {
  constructor(@Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig) {}

  @Get('{*path}')
  async page(@Req() request: ApiRequest, @Res() response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    if (FOR_PROGRAMS.test(path) || extname(path) !== '') throw new NotFoundException();
    const page = await readFile(join(this.config.WEB_FOLDER, 'index.html')).catch(() => null);
    if (!page) {
      sendPage(response, 503, {
        title: 'The web client is not built',
        text: 'Run <code>npm start</code>, which builds it, or <code>npm run build</code>, then load this page again.',
      });
      return;
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
    response.end(page);
  }
}
