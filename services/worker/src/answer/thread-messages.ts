import type { AppReply, CalledApp, Classification } from '#libs/clams';

/** A reply that has a body. */
export type AppAnswer = Extract<AppReply, { kind: 'answer' }>;

/** Request to the thread; the bytes of answer and document are transferred. */
export interface ClassifyRequest {
  readonly id: number;
  readonly answer: AppAnswer;
  readonly document: Uint8Array;
  readonly app: CalledApp;
}

/** Result of the thread, with the answer that was transferred to it. */
export interface ClassifyResult {
  readonly id: number;
  readonly answer: AppAnswer;
  readonly classification: Classification;
}
