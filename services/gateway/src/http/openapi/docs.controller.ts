import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ProblemError } from '../problem-error.js';
import { Answers } from './answers.decorator.js';
import { Tag } from './tags.js';

const FOLDER = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Chowda: REST interface</title>
    <link rel="stylesheet" href="/api/docs/swagger-ui.css">
    <link rel="stylesheet" href="/api/docs/show.css">
    <link rel="icon" href="/api/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/show.js"></script>
  </body>
</html>
`;

/** A separate file, because the content security policy forbids inline scripts. */
const SHOW = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
  filter: true,
  defaultModelsExpandDepth: 0,
  presets: [SwaggerUIBundle.presets.apis],
});
`;

/** Hides the links, which are for programs and take a third of the page, and the choice among one server. */
const STYLE = `.swagger-ui .response-col_links, .swagger-ui .servers-title, .swagger-ui .servers { display: none; }
`;

const OWN: Readonly<Record<string, string>> = { 'show.js': SHOW, 'show.css': STYLE };

const TYPES: Readonly<Record<string, string>> = {
  'show.js': 'text/javascript; charset=utf-8',
  'show.css': 'text/css; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** The OpenAPI document as web pages; all their files are served from here. */
@Tag('interface')
@Controller('api/docs')
export class DocsController {
  @Get()
  @Answers({
    summary: 'Show this interface as a web page',
    answers: { 200: { type: 'text/html', description: 'The page.' } },
  })
  page(@Res() response: ServerResponse): void {
    send(response, 'text/html; charset=utf-8', PAGE);
  }

  @Get(':file')
  @Answers({
    summary: 'Read a file of the web page',
    answers: { 200: { type: Object.values(TYPES), description: 'The file.' } },
    problems: { 404: ['unknown-route'] },
  })
  async file(@Param('file') file: string, @Res() response: ServerResponse): Promise<void> {
    const type = Object.hasOwn(TYPES, file) ? TYPES[file] : undefined;
    if (type === undefined) throw new ProblemError(404, 'unknown-route', 'Not found', 'Open /api/docs.');
    send(response, type, OWN[file] ?? (await readFile(join(FOLDER, file))));
  }
}

function send(response: ServerResponse, type: string, content: string | Buffer): void {
  response.setHeader('content-type', type);
  response.setHeader('cache-control', 'private, max-age=3600');
  response.end(content);
}
