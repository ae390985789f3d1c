import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { validateMmif } from '#libs/mmif';

/** Worker thread that validates one large document; its memory is freed when it ends. */
parentPort!.postMessage(validateMmif(readFileSync(workerData as string)));
