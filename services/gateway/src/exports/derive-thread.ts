import { parentPort } from 'node:worker_threads';
import { derive } from './derive.js';
import type { DeriveRequest, DeriveResult } from './thread-messages.js';

/** Makes files of one document after the other, away from the event loop that answers requests. */
parentPort!.on('message', ({ document, formats }: DeriveRequest) => {
  const result: DeriveResult = derive(document, formats);
  parentPort!.postMessage(result);
});
