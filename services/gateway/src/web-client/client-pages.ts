import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { type ApiRequest, type Next, pathOf } from '../http/api-request.js';
import { sendPage } from '../http/plain-page.js';

/** Paths for programs; unknown paths below them are errors, not pages of the web client. */
const FOR_PROGRAMS = /^\/(api|socket\.io|assets|media|sign-in|healthz|livez|problems)(\/|$)/i;

/** Whether a request is for a page of the web client, which shows unknown pages itself. */
export const isForClient = ({ method = 'GET', url }: Pick<ApiRequest, 'method' | 'url'>): boolean => {
  const path = pathOf({ url });
  return ['GET', 'HEAD'].includes(method) && !FOR_PROGRAMS.test(path) && extname(path) === '';
};

/** Serves the index page of the built web client for every client route. */
export const clientPages =
  (folder: string) =>
  async (request: ApiRequest, response: ServerResponse, next: Next): Promise<void> => {
    if (!isForClient(request)) return next();
    const page = await readFile(join(folder, 'index.html')).catch(() => null);
    if (!page) {
      sendPage(response, 503, {
        title: 'The web client is not built',
        text: 'Run <code>npm start</code>, which builds it, or <code>npm run build</code>. Then reload this page.',
      });
      return;
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
    response.end(request.method === 'HEAD' ? undefined : page);
  };
