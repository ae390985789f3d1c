import { type IncomingHttpHeaders, request, type RequestOptions } from 'node:http';

/** An answer as received, not decompressed. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** The body as JSON. */
  readonly body: unknown;
}

/** Headers and body of a request; a body that is neither text nor bytes is sent as JSON. */
export interface Sending {
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** Sends requests with arbitrary headers, including those that `fetch` does not allow (Host, Origin). */
export class HttpClient {
  constructor(
    readonly url: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  /** A client for the same URL with other default headers. */
  with(headers: Record<string, string>): HttpClient {
    return new HttpClient(this.url, headers);
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, { headers });
  }

  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', path, { headers, body });
  }

  async send(method: string, path: string, { headers = {}, body }: Sending = {}): Promise<Answer> {
    const sent = typeof body === 'string' || Buffer.isBuffer(body) || body === undefined ? body : JSON.stringify(body);
    const type = sent === undefined ? {} : { 'content-type': 'application/json' };
    return answerTo(new URL(this.url), { method, path, headers: { ...type, ...this.headers, ...headers } }, sent);
  }

  /** Requests a WebSocket upgrade; resolves with the answer even when it is rejected. */
  upgrade(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    const handshake = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    return answerTo(new URL(this.url), { path, headers: { ...handshake, ...this.headers, ...headers } });
  }
}

function answerTo(url: URL, options: RequestOptions, body?: string | Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sending = request(url, { ...options, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const bytes = Buffer.concat(chunks);
        const { statusCode: status = 0, headers } = response;
        // Compressed or partial content cannot be parsed.
        const isWhole = headers['content-encoding'] === undefined && status !== 206;
        const isJson = isWhole && /[/+]json\b/.test(headers['content-type'] ?? '');
        resolve({
          status,
          headers,
          bytes,
          body: isJson && bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined,
        });
      });
    });
    sending.once('error', reject);
    sending.once('upgrade', ({ statusCode: status = 0, headers }, socket) => {
      socket.destroy();
      resolve({ status, headers, bytes: Buffer.alloc(0), body: undefined });
    });
    sending.end(body);
  });
}
