import type { ServerResponse } from 'node:http';
import { sep } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';

const YEAR_SECONDS = 365 * 24 * 3600;

/** Serves the files of the built web client. Files under `assets` have a hash in their name and never change. */
export function serveStaticFiles(app: NestExpressApplication, folder: string): void {
  app.useStaticAssets(folder, {
    index: false,
    redirect: false,
    setHeaders: (response: ServerResponse, path: string) => {
      const isHashed = path.includes(`${sep}assets${sep}`);
      response.setHeader('cache-control', isHashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
    },
  });
}
