import { parentPort } from 'node:worker_threads';
import { classifyAnswer } from '#libs/clams';
import type { ClassifyRequest, ClassifyResult } from './thread-messages.js';

/** Judges one answer after the other, away from the event loop that sends heartbeats. */
parentPort!.on('message', ({ id, answer, document, app }: ClassifyRequest) => {
  const result: ClassifyResult = { id, answer, classification: classifyAnswer(answer, document, app) };
  parentPort!.postMessage(result, [answer.body.buffer as ArrayBuffer]);
});
