import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { type ApiRequest, type Next, pathOf } from '../http/api-request.js';
import { sendPage } from '../http/plain-page.js';

/** Paths that belong to programs: what is not found there is no page of the web client. */
const FOR_PROGRAMS = /^\/(api|socket\.io|assets|media|sign-in|healthz|problems)(\/|$)/i;

/** Whether a request is for a page of the web client, which itself says when there is nothing behind one. */
export const isForClient = ({ method = 'GET', url }: Pick<ApiRequest, 'method' | 'url'>): boolean => {
  const path = pathOf({ url });
  return ['GET', 'HEAD'].includes(method) && !FOR_PROGRAMS.test(path) && extname(path) === '';
};

/** Answers every client route with the one page of the built web client. */
export const clientPages =
  (folder: string) =>
  async (request: ApiRequest, response: ServerResponse, next: Next): Promise<void> => {
    if (!isForClient(request)) return next();
    const page = await readFile(join(folder, 'index.html')).catch(() => null);
    if (!page) {
      sendPage(response, 503, {
        title: 'The web client is not built',
        text: 'Run <code>npm start</code>, which builds it, or <code>npm run build</code>, then load this page again.',
      });
      return;
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
    response.end(request.method === 'HEAD' ? undefined : page);
  };
