import type { ServerResponse } from 'node:http';

/** Sends a page with a heading and a paragraph. Both are inserted unescaped, so they must not come from a request. */
export function sendPage(
  response: ServerResponse,
  status: number,
  { title, text }: { title: string; text: string },
): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<title>${title}</title><body style="font: 1.1rem/1.5 system-ui; max-width: 40rem; margin: 4rem auto; padding: 0 1rem">` +
      `<h1>${title}</h1><p>${text}</p></body></html>`,
  );
}
