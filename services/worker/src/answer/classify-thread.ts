import { parentPort } from 'node:worker_threads';
import { classifyAnswer } from '#libs/clams';
import type { ClassifyRequest, ClassifyResult } from './thread-messages.js';

parentPort!.on('message', ({ answer, document, app }: ClassifyRequest) => {
  const result: ClassifyResult = { answer, classification: classifyAnswer(answer, document, app) };
  parentPort!.postMessage(result, [answer.body.buffer as ArrayBuffer]);
});
