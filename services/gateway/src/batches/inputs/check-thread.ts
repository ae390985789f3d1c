import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { validateMmif } from '#libs/mmif';

/** Receives the path of a document and posts its validation errors. */
parentPort!.on('message', (path: string) => {
  parentPort!.postMessage(validateMmif(readFileSync(path)));
});
