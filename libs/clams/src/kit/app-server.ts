import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { indentJson } from '#libs/mmif';
import { CALL_ID_HEADER } from '../client/call-app.js';
import { type Answer, jsonAnswer, jsonText, options, stopping, unknownCall, wrongMethod, wrongPath } from './answer.js';
import { answerCall, type ServedApp } from './answer-call.js';
import { castBoolean } from './cast-parameters.js';
import { metadataDocument, PROGRESS_PATH } from './metadata-document.js';
import { RunningCalls } from './running-calls.js';

const SECOND = 1000;
const HEALTH_PATH = '/healthz';
/** Time for sending the answers to aborted calls. */
const FINAL_ANSWERS = SECOND;

/** A request without its body. */
interface Target {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

function targetOf({ method = 'GET', url = '/' }: IncomingMessage): Target {
  const [path = '/'] = url.split('?', 1);
  return { method: method === 'HEAD' ? 'GET' : method, path, query: new URLSearchParams(url.slice(path.length)) };
}

/** Serves one app over HTTP. */
export class AppServer {
  readonly #calls = new RunningCalls();
  readonly #metadata: string;
  // TCP keep-alive detects clients that disappear without closing the connection during hours of work.
  readonly #server = createServer({ keepAlive: true, keepAliveInitialDelay: 30 * SECOND }, (request, response) => {
    this.#handle(request, response).catch(() => response.destroy());
  });
  #isStopping = false;

  constructor(
    private readonly app: ServedApp,
    private readonly graceMs: number,
  ) {
    this.#metadata = metadataDocument(app.description, app.parameters);
  }

  async listen(port: number, host = '127.0.0.1'): Promise<{ readonly url: string; readonly port: number }> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    const { port: taken } = this.#server.address() as AddressInfo;
    return { url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`, port: taken };
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#isStopping = true;
    const closed = once(this.#server, 'close');
    this.#server.close();
    await Promise.race([closed, delay(this.graceMs, undefined, { ref: false })]);
    this.#calls.abort(new Error('The app is stopping.'));
    await Promise.race([closed, delay(FINAL_ANSWERS, undefined, { ref: false })]);
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, contentType, body, headers } = await this.#answer(request, response);
    const bytes = Buffer.from(body);
    response.writeHead(status, {
      'content-type': contentType,
      'content-length': bytes.length,
      ...(this.#isStopping ? { connection: 'close' } : {}),
      ...headers,
    });
    response.end(bytes);
  }

  #answer(request: IncomingMessage, response: ServerResponse): Answer | Promise<Answer> {
    const target = targetOf(request);
    switch (target.path) {
      case '/':
        return target.method === 'POST' || target.method === 'PUT'
          ? this.#annotate(request, response, target.query)
          : this.#describe(target);
      case PROGRESS_PATH:
        return this.#progress(target);
      case HEALTH_PATH:
        if (target.method !== 'GET') return wrongMethod('HEAD, GET');
        return this.#isStopping ? stopping : jsonAnswer(200, { healthy: true });
      default:
        return wrongPath;
    }
  }

  #describe({ method, query }: Target): Answer {
    const methods = 'HEAD, GET, POST, PUT, OPTIONS';
    if (method === 'OPTIONS') return options(methods);
    if (method !== 'GET') return wrongMethod(methods);
    const isPretty = castBoolean(query.get('pretty') ?? 'false');
    return jsonText(200, isPretty ? indentJson(this.#metadata) : this.#metadata);
  }

  #progress({ method, query }: Target): Answer {
    if (method !== 'GET') return wrongMethod('HEAD, GET');
    const id = query.get('call') ?? '';
    const percent = this.#calls.percent(id);
    return percent === undefined ? unknownCall(id) : jsonAnswer(200, { percent });
  }

  async #annotate(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): Promise<Answer> {
    if (this.#isStopping) return stopping;
    const call = this.#calls.begin(request.headers[CALL_ID_HEADER] as string | undefined);
    response.once('close', () => {
      call.end();
      if (!response.writableFinished) call.abort(new Error('The client disconnected.'));
    });
    const { signal, progress } = call;
    try {
      return await answerCall(this.app, { body: await buffer(request), query, signal, progress });
    } catch (error) {
      if (signal.aborted) return stopping;
      throw error;
    }
  }
}
