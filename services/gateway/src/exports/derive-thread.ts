import { parentPort } from 'node:worker_threads';
import { derive } from './derive.js';
import type { DeriveRequest } from './deriver.js';

parentPort!.on('message', ({ document, formats }: DeriveRequest) => {
  parentPort!.postMessage(derive(document, formats));
});
