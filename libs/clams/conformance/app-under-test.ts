import {
  type AppMetadata,
  type AppReply,
  callApp,
  type Classification,
  classifyAnswer,
  fetchAppMetadata,
  parseAppMetadata,
  type ParameterValues,
  readAppMetadata,
} from '../src/index.js';
import { sourceDocument } from './documents.js';
import type { Generation } from './generations.js';

const MINUTE = 60_000;

/** A running app. */
export interface ServedApp {
  readonly url: string;
  stop(): Promise<void>;
}

/** One call with its reply and classification. */
export interface Exchange {
  readonly input: Uint8Array;
  readonly reply: AppReply;
  readonly classified: Classification;
}

/** The app that the suite calls through the product's own client. */
export class AppUnderTest {
  private constructor(
    readonly generation: Generation,
    readonly served: ServedApp,
    readonly metadata: AppMetadata,
  ) {}

  static async of(generation: Generation, served: ServedApp): Promise<AppUnderTest> {
    const metadata = readAppMetadata(parseAppMetadata(await fetchAppMetadata(served.url)));
    return new AppUnderTest(generation, served, metadata);
  }

  /** Calls the app as a worker does; adds the required parameter unless `isAll` is true. */
  async call(
    parameters: ParameterValues,
    { input = sourceDocument, isAll = false, mmifVersion = this.metadata.mmifVersion, deadlineMs = MINUTE } = {},
  ): Promise<Exchange> {
    const reply = await callApp({
      url: this.served.url,
      document: input,
      parameters: isAll ? parameters : { needed: 3, ...parameters },
      declaredTypes: Object.fromEntries(this.metadata.parameters.map(({ name, type }) => [name, type])),
      mmifVersion,
      deadlineMs,
      signal: new AbortController().signal,
    });
    return this.classified(reply, input);
  }

  /** Sends a request that the product's client never sends. */
  async send(method: string, path: string, input: Uint8Array = sourceDocument): Promise<Exchange> {
    const body = method === 'GET' || method === 'DELETE' ? null : input;
    const answer = await fetch(`${this.served.url}${path}`, { method, body });
    return this.classified(
      {
        kind: 'answer',
        status: answer.status,
        contentType: (answer.headers.get('content-type') ?? '').split(';')[0]!,
        retryAfter: null,
        body: new Uint8Array(await answer.arrayBuffer()),
      },
      input,
    );
  }

  private classified(reply: AppReply, input: Uint8Array): Exchange {
    return { input, reply, classified: classify(reply, input) };
  }
}

/** Classifies a reply of the suite's app. */
export const classify = (reply: AppReply, input: Uint8Array): Classification =>
  classifyAnswer(reply, input, { name: 'probe', identifier: 'http://apps.clams.ai/probe/v1' });

/** The body of an answer; throws when the app did not answer. */
export function bodyOf({ reply }: Exchange): Uint8Array {
  if (reply.kind !== 'answer') throw new Error(`The app did not answer: ${JSON.stringify(reply)}`);
  return reply.body;
}
