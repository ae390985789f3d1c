import type { AppReply, CalledApp, Classification } from '#libs/clams';

/** An answer on its way to the thread; the bytes are copied, because the worker goes on to publish its own. */
export interface ClassifyRequest {
  readonly id: number;
  readonly reply: AppReply;
  readonly document: Uint8Array;
  readonly app: CalledApp;
}

/** What the thread found. */
export interface ClassifyResult {
  readonly id: number;
  readonly classification: Classification;
}
