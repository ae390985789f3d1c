import type { AppReply, CalledApp, Classification } from '#libs/clams';

/** What an app answered. */
export type AppAnswer = Extract<AppReply, { kind: 'answer' }>;

/** An answer on its way to the thread, which takes its bytes and those of the document over. */
export interface ClassifyRequest {
  readonly id: number;
  readonly answer: AppAnswer;
  readonly document: Uint8Array;
  readonly app: CalledApp;
}

/** What the thread found, and the answer that it was given. */
export interface ClassifyResult {
  readonly id: number;
  readonly answer: AppAnswer;
  readonly classification: Classification;
}
