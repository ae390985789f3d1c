import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { answerBody, type NewView } from './scripted-answer.js';

/** How a scripted app reacts to one call. */
export type Reaction =
  /** 200 with one new view, after `slowMs` milliseconds (default: 0). */
  | ({ readonly kind: 'ok'; readonly slowMs?: number } & Omit<NewView, 'error'>)
  /** 500 with an error view, as the SDK answers for every exception of an app. */
  | { readonly kind: 'error-view'; readonly message?: string }
  /** 500 text/plain, as the SDK answers for MMIF that it cannot read. */
  | { readonly kind: 'text'; readonly message?: string }
  /** 200 with bytes that are no JSON. */
  | { readonly kind: 'garbage' }
  /** 502 with a page, as a proxy before a dead app answers. */
  | { readonly kind: 'html' }
  /** The connection is closed without an answer, as by a killed worker. */
  | { readonly kind: 'close' }
  /** 200 with one new view, once the test lets it go. */
  | { readonly kind: 'held'; readonly until: Promise<unknown> }
  /** 429, as a server in front of too many calls answers; `retryAfter` in seconds. */
  | { readonly kind: 'busy'; readonly retryAfter?: number }
  /** No answer ever. */
  | { readonly kind: 'hang' };

/** One `POST` that arrived. */
export interface AppCall {
  /** File name without its ending of the first document's location. */
  readonly guid: string;
  /** Bytes of the request, unchanged. */
  readonly document: Buffer;
  /** Parameters of the query string. */
  readonly parameters: URLSearchParams;
  /** Which call for this GUID this is, from 1. */
  readonly attempt: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A real HTTP server that speaks as a CLAMS app does. */
export interface ScriptedApp {
  readonly url: string;
  readonly identifier: string;
  /** All calls so far, oldest first. */
  readonly calls: AppCall[];
  callsFor(guid: string): AppCall[];
  close(): Promise<void>;
}

/** What a scripted app is called, and how it reacts; `script` answers `ok` for everything by default. */
export interface ScriptedAppOptions {
  readonly name?: string;
  readonly version?: string;
  readonly script?: (call: AppCall) => Reaction;
  /** Told the document of an answer with 200 before it is sent. */
  readonly onAnswer?: (call: AppCall, body: string) => void;
  /** Entries of its metadata that differ from the usual ones; asked at each `GET`. */
  readonly metadata?: () => object;
}

/** Starts an app on a free port of the loopback address; change what it does through `script`. */
export async function startScriptedApp(options: ScriptedAppOptions = {}): Promise<ScriptedApp> {
  const { name = 'scripted', version = 'v1', script = () => ({ kind: 'ok' }) } = options;
  const { metadata: others = () => ({}), onAnswer = () => undefined } = options;
  const identifier = `http://apps.clams.ai/${name}/${version}`;
  const metadata = appMetadata(name, version, identifier);
  const calls: AppCall[] = [];
  const callsFor = (guid: string) => calls.filter((call) => call.guid === guid);

  const annotate = async (request: IncomingMessage, response: ServerResponse) => {
    const document = Buffer.concat(await request.toArray());
    const guid = guidOf(document);
    const parameters = new URL(request.url ?? '/', 'http://app').searchParams;
    const call = { guid, document, parameters, attempt: callsFor(guid).length + 1, at: Date.now() };
    calls.push(call);
    const told = (body: string) => {
      onAnswer(call, body);
      return body;
    };
    await react(response, script(call), { document, identifier, told });
  };
  const server = createServer((request, response) => {
    if (request.method === 'GET') send(response, 200, 'application/json', JSON.stringify({ ...metadata, ...others() }));
    else annotate(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    identifier,
    calls,
    callsFor,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Answering {
  readonly document: Buffer;
  readonly identifier: string;
  /** Passes a good answer on, and tells of it. */
  readonly told: (body: string) => string;
}

async function react(
  response: ServerResponse,
  reaction: Reaction,
  { document, identifier: app, told }: Answering,
): Promise<void> {
  switch (reaction.kind) {
    case 'ok':
      await delay(reaction.slowMs ?? 0);
      return send(response, 200, 'application/json', told(answerBody(document, app, reaction)));
    case 'error-view':
      return send(
        response,
        500,
        'application/json',
        answerBody(document, app, { error: reaction.message ?? 'failed' }),
      );
    case 'text':
      return send(response, 500, 'text/plain', `Invalid input data. ${reaction.message ?? ''}`);
    case 'garbage':
      return send(response, 200, 'application/json', '{"metadata": \u0000 not json');
    case 'html':
      return send(response, 502, 'text/html', '<html><body><h1>502 Bad Gateway</h1></body></html>');
    case 'close':
      response.destroy();
      return;
    case 'held':
      await reaction.until;
      return send(response, 200, 'application/json', told(answerBody(document, app, {})));
    case 'busy':
      if (reaction.retryAfter !== undefined) response.setHeader('retry-after', reaction.retryAfter);
      return send(response, 429, 'text/plain', 'Too many requests');
    case 'hang':
      return;
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

const guidOf = (document: Buffer): string =>
  /"location"\s*:\s*"[^"]*?([^/"]+?)(?:\.[A-Za-z0-9]+)?"/.exec(document.toString('utf8'))?.[1] ?? '';

/** Metadata as `GET /` of the SDK gives it; required keys only. */
const appMetadata = (name: string, version: string, identifier: string) => ({
  name,
  description: 'Does what the test says.',
  app_version: version,
  mmif_version: '1.0.5',
  app_license: 'Apache-2.0',
  identifier,
  url: 'https://example.org/scripted',
  input: [{ '@type': 'http://mmif.clams.ai/vocabulary/VideoDocument/v1', required: true }],
  output: [{ '@type': 'http://mmif.clams.ai/vocabulary/TimeFrame/v5' }],
  parameters: [{ name: 'threshold', description: 'A number.', type: 'number', multivalued: false, default: 0.5 }],
});
