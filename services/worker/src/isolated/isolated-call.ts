import { writeFileSync } from 'node:fs';
import type { AbandonedCall } from '#libs/clams';
import type { StageProgress } from '#libs/contracts';
import { Stopwatch } from '#libs/runtime';
import { adapterOf, createAdapters } from '../adapters/registry.js';
import { Classifier } from '../answer/classifier.js';
import { type FromCallProcess, type ToCallProcess, TOO_MUCH_MEMORY } from './messages.js';

/**
 * The process of an isolated call: it calls one app for one document and checks the answer, so that a file that needs
 * too much memory ends this process and not the worker with its other calls. Argument: the limit of its memory in MiB.
 */

const MEBIBYTE = 1024 * 1024;
const MEMORY_CHECK_MS = 100;

/** The request would be sent too late. */
class TooLate extends Error {}

const limit = Number(process.argv[2]) * MEBIBYTE;
const adapters = createAdapters(new Classifier(new URL('../answer/classify-thread.js', import.meta.url)));
const aborted = new AbortController();
let prepared: Extract<ToCallProcess, { kind: 'prepare' }> | undefined;
let abandoned: AbandonedCall | undefined;

const send = (message: FromCallProcess) => process.send!(message, undefined, undefined, () => undefined);

/** Linux ends the process with the highest value first when the machine or the container runs out of memory. */
function endBeforeTheWorker(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Other systems do not have this file.
  }
}

async function call({ at, withinMs }: Extract<ToCallProcess, { kind: 'call' }>): Promise<void> {
  const { app, task, document } = prepared!;
  const received = new Stopwatch();
  const onSending = () => {
    if (Math.max(received.elapsed(), Date.now() - at) > withinMs) throw new TooLate();
  };
  const onAbandoned = (it: AbandonedCall) => {
    abandoned = it;
    send({ kind: 'abandoned' });
    void it.released.then(() => send({ kind: 'released' }));
  };
  const onProgress = (progress: StageProgress) => send({ kind: 'progress', progress });
  const context = { onSending, onAbandoned, onProgress, signal: aborted.signal };
  try {
    send({ kind: 'result', result: await adapterOf(adapters, app).call(app, task, document, context) });
  } catch (error) {
    send(error instanceof TooLate ? { kind: 'stale' } : { kind: 'failed', message: String(error) });
  }
}

endBeforeTheWorker();
// The worker decides when a call ends: a signal to the process group must not end it earlier.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGUSR2'] as const) process.on(signal, () => undefined);
process.once('disconnect', () => process.exit());
setInterval(() => {
  // Bytes of documents are outside the heap, so its limit does not include them.
  if (process.memoryUsage.rss() > limit) process.exit(TOO_MUCH_MEMORY);
}, MEMORY_CHECK_MS);
process.on('message', (message: ToCallProcess) => {
  switch (message.kind) {
    case 'prepare':
      prepared = message;
      return send({ kind: 'prepared' });
    case 'call':
      return void call(message);
    case 'abort':
      return aborted.abort(new Error('The worker aborted the call.'));
    case 'disconnect':
      return abandoned?.disconnect();
  }
});
send({ kind: 'ready' });
