import type { AppReply, CalledApp, Classification } from '#libs/clams';

/** The response of an app. */
export type AppAnswer = Extract<AppReply, { kind: 'answer' }>;

/** The message to `classify-thread`; the memory of answer and document moves with it. */
export interface ClassifyRequest {
  readonly answer: AppAnswer;
  readonly document: Uint8Array<ArrayBuffer>;
  readonly app: CalledApp;
}

/** The classification, with the answer, whose memory moves back. */
export interface ClassifyResult {
  readonly answer: AppAnswer;
  readonly classification: Classification;
}
