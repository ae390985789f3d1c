import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { validateMmif } from '#libs/mmif';

/** Checks one large document away from the event loop, and ends with it: what it took is free again. */
parentPort!.postMessage(validateMmif(readFileSync(workerData as string)));
