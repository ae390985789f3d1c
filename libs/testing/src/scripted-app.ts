import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { answerBody, type NewView } from './scripted-answer.js';

/** The reaction of a scripted app to one call. */
export type Reaction =
  /** 200 with one new view, after `slowMs` (default: 0). */
  | ({ readonly kind: 'ok'; readonly slowMs?: number } & Omit<NewView, 'error'>)
  /** 500 with an error view, the answer of the SDK to every exception of an app. */
  | { readonly kind: 'error-view'; readonly message?: string }
  /** 500 text/plain, the answer of the SDK to MMIF that it cannot read. */
  | { readonly kind: 'text'; readonly message?: string }
  /** 200 with bytes that are not valid JSON. */
  | { readonly kind: 'garbage' }
  /** 502 with an HTML page, the answer of a proxy in front of a dead app. */
  | { readonly kind: 'html' }
  /** Closes the connection without an answer, like a killed worker. */
  | { readonly kind: 'close' }
  /** 200 with one new view when `until` resolves. */
  | { readonly kind: 'held'; readonly until: Promise<unknown> }
  /** 503, the answer of a server that is starting or busy. */
  | { readonly kind: 'busy' }
  /** Never answers. */
  | { readonly kind: 'hang' };

/** One `POST` that arrived. */
export interface AppCall {
  /** File name without extension in the location of the first document. */
  readonly guid: string;
  /** Bytes of the request, unchanged. */
  readonly document: Buffer;
  /** Parameters of the query string. */
  readonly parameters: URLSearchParams;
  /** Number of this call for this GUID, from 1. */
  readonly attempt: number;
  /** Unix time in ms. */
  readonly at: number;
}

/** A real HTTP server that behaves as a CLAMS app. */
export interface ScriptedApp {
  readonly url: string;
  readonly identifier: string;
  /** All calls so far, oldest first. */
  readonly calls: AppCall[];
  callsFor(guid: string): AppCall[];
  close(): Promise<void>;
}

/** Name and behaviour of a scripted app; the default script returns `ok`. */
export interface ScriptedAppOptions {
  readonly name?: string;
  readonly version?: string;
  /** Default: a free port. */
  readonly port?: number;
  readonly script?: (call: AppCall) => Reaction;
  /** Receives the document of a 200 answer before it is sent. */
  readonly onAnswer?: (call: AppCall, body: string) => void;
  /** Entries that replace those of the default metadata; called for each `GET`. */
  readonly metadata?: () => object;
}

/** Starts an app on a free port of the loopback address. */
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
    const observed = (body: string) => {
      onAnswer(call, body);
      return body;
    };
    await react(response, script(call), { document, identifier, observed });
  };
  const server = createServer((request, response) => {
    if (request.method === 'GET') send(response, 200, 'application/json', JSON.stringify({ ...metadata, ...others() }));
    else annotate(request, response).catch(() => response.destroy());
  });
  server.listen(options.port ?? 0, '127.0.0.1');
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
  /** Reports a successful answer to `onAnswer` and returns it. */
  readonly observed: (body: string) => string;
}

async function react(
  response: ServerResponse,
  reaction: Reaction,
  { document, identifier: app, observed }: Answering,
): Promise<void> {
  switch (reaction.kind) {
    case 'ok':
      await delay(reaction.slowMs ?? 0);
      return send(response, 200, 'application/json', observed(answerBody(document, app, reaction)));
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
      return send(response, 200, 'application/json', observed(answerBody(document, app, {})));
    case 'busy':
      return send(response, 503, 'text/plain', 'Service Unavailable');
    case 'hang':
      return;
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

const guidOf = (document: Buffer): string =>
  /"location"\s*:\s*"[^"]*?([^/"]+?)(?:\.[A-Za-z0-9]+)?"/.exec(document.toString('utf8'))?.[1] ?? '';

/** Metadata in the format of the SDK's `GET /`, with required keys only. */
const appMetadata = (name: string, version: string, identifier: string) => ({
  name,
  description: 'Behaves as scripted by a test.',
  app_version: version,
  mmif_version: '1.0.5',
  app_license: 'Apache-2.0',
  identifier,
  url: 'https://example.org/scripted',
  input: [{ '@type': 'http://mmif.clams.ai/vocabulary/VideoDocument/v1', required: true }],
  output: [{ '@type': 'http://mmif.clams.ai/vocabulary/TimeFrame/v5' }],
  parameters: [{ name: 'threshold', description: 'A number.', type: 'number', multivalued: false, default: 0.5 }],
});
