import { parentPort } from 'node:worker_threads';
import { viewDocument } from './document-view.js';
import type { ViewRequest } from './document-views.js';

parentPort!.on('message', ({ stored, kind }: ViewRequest) => {
  parentPort!.postMessage(viewDocument(stored, kind));
});
