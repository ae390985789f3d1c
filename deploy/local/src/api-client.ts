import { z } from 'zod';
import { pageOf, problemSchema } from '#libs/contracts';

const SECOND = 1000;
const REQUEST_TIMEOUT = 30 * SECOND;
/** Import of 100,000 lines. */
const UPLOAD_TIMEOUT = 120 * SECOND;

/** A response with status 400 or above; the message contains the problem's detail. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Client of Chowda's REST interface; it authenticates with a bearer token. */
export class ApiClient {
  constructor(
    private readonly webUrl: string,
    private readonly accessToken: string,
  ) {}

  async get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
    return schema.parse(await (await this.send('GET', path)).json());
  }

  /** All items of a list, page by page. */
  async list<Schema extends z.ZodType>(path: string, item: Schema): Promise<z.infer<Schema>[]> {
    const items: z.infer<Schema>[] = [];
    let cursor: string | null = null;
    do {
      const query: string =
        cursor === null ? '' : `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
      const page: { items: z.infer<Schema>[]; next: string | null } = await this.get(`${path}${query}`, pageOf(item));
      items.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return items;
  }

  async bytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.send('GET', path)).arrayBuffer());
  }

  async post<Schema extends z.ZodType>(path: string, body: object, schema: Schema): Promise<z.infer<Schema>> {
    return schema.parse(await (await this.send('POST', path, JSON.stringify(body))).json());
  }

  /** Uploads a text, for example of type `text/csv`. */
  async upload<Schema extends z.ZodType>(path: string, text: string, type: string, schema: Schema) {
    return schema.parse(await (await this.send('POST', path, text, { type, within: UPLOAD_TIMEOUT })).json());
  }

  /** Sends a command and ignores the body of its response. */
  async command(path: string): Promise<void> {
    await (await this.send('POST', path, '{}')).arrayBuffer();
  }

  private async send(
    method: string,
    path: string,
    body?: string,
    { type = 'application/json', within = REQUEST_TIMEOUT } = {},
  ): Promise<Response> {
    const answer = await fetch(new URL(path, this.webUrl), {
      method,
      headers: {
        authorization: `Bearer ${this.accessToken}`,
        ...(body === undefined ? {} : { 'content-type': type }),
      },
      signal: AbortSignal.timeout(within),
      ...(body === undefined ? {} : { body }),
    });
    if (answer.ok) return answer;
    const text = await answer.text();
    throw new ApiError(answer.status, `${method} ${path} failed with status ${answer.status}: ${detailOf(text)}`);
  }
}

function detailOf(text: string): string {
  try {
    return problemSchema.parse(JSON.parse(text)).detail;
  } catch {
    return text.slice(0, 200);
  }
}
