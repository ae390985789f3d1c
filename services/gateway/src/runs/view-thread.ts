import { parentPort, workerData } from 'node:worker_threads';
import { type StoredContent, type ViewKind, viewDocument } from './document-view.js';

/** Reads one large document away from the event loop, and ends with it: what it took is free again. */
const { stored, kind } = workerData as { readonly stored: StoredContent; readonly kind: ViewKind };
parentPort!.postMessage(viewDocument(stored, kind));
