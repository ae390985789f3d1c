import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { AppServerQuestion } from '../chowda/app-server.js';
import { locationOf, metadataOf, type NoOpApp, viewOf, withView } from '../chowda/no-op-app.js';
import type { AppCall } from '../measure/app-calls.js';
import { answerParent } from '../workbench/answer-parent.js';

const JSON_TYPE = { 'content-type': 'application/json' };

/** The recorded calls; null without a recording. */
let calls: AppCall[] | null = null;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Serves each app under `/<name>`: GET returns the metadata, POST the document with an added view. */
async function serve(apps: readonly NoOpApp[]): Promise<{ port: number }> {
  const served = new Map(apps.map((app, index) => [app.name, { app, index, view: viewOf(app) }]));
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const known = served.get(/^\/([^/?]+)/.exec(request.url ?? '')?.[1] ?? '');
    if (!known) response.writeHead(404).end();
    else if (request.method === 'GET') {
      response.writeHead(200, JSON_TYPE).end(JSON.stringify(metadataOf(known.app)));
    } else {
      const document = await bodyOf(request);
      const call: AppCall = {
        app: known.index,
        file: calls ? locationOf(document) : '',
        begun: Date.now(),
        answered: null,
      };
      calls?.push(call);
      if (known.app.slowMs > 0) await delay(known.app.slowMs);
      const body = withView(document, known.view);
      response.writeHead(200, { ...JSON_TYPE, 'content-length': body.byteLength }).end(body);
      call.answered = Date.now();
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port };
}

answerParent(async (question: AppServerQuestion) => {
  if (question.ask === 'serve') return serve(question.apps);
  if (question.ask === 'record') calls = [];
  return calls;
});
