import { describe, expect, it } from '@jest/globals';
import { OffLoop, type OffLoopOptions } from './off-loop.js';

const thread = (onMessage: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(
      `import { parentPort, threadId } from 'node:worker_threads'; parentPort.on('message', (request) => {${onMessage}});`,
    )}`,
  );
/** Doubles a number; 0 never answers, and a negative number ends the thread. */
const DOUBLE = thread(
  'if (request < 0) process.exit(1); if (request !== 0) parentPort.postMessage({ double: 2 * request, threadId });',
);
interface Doubled {
  readonly double: number;
  readonly threadId: number;
}
const offLoop = (options: Partial<OffLoopOptions> = {}, file = DOUBLE) =>
  new OffLoop<number, Doubled>(file, { heapMib: 64, timeoutMs: 30_000, maxWaiting: 10, ...options });
const task = (request: number) => ({ request: () => request });
const result = (double: number) => ({ result: { double, threadId: expect.any(Number) } });
async function threadIdOf(loop: OffLoop<number, Doubled>): Promise<number> {
  const outcome = await loop.run(task(1));
  if ('failure' in outcome) throw new Error(outcome.failure);
  return outcome.result.threadId;
}

describe(OffLoop, () => {
  it('runs tasks in order, each with its own result', async () => {
    const loop = offLoop();
    expect(await Promise.all([1, 2, 3].map((n) => loop.run(task(n))))).toEqual([result(2), result(4), result(6)]);
    await loop.close();
  });

  it('keeps the thread for the next task by default', async () => {
    const loop = offLoop();
    expect(await threadIdOf(loop)).toBe(await threadIdOf(loop));
    await loop.close();
  });

  it('starts a thread for each task when it is told to', async () => {
    const loop = offLoop({ threadPerTask: true });
    expect(await threadIdOf(loop)).not.toBe(await threadIdOf(loop));
  });

  it('reads the input of a waiting task only when the thread is free', async () => {
    const loop = offLoop();
    let isRead = false;
    const first = loop.run(task(0));
    const second = loop.run({
      request: () => {
        isRead = true;
        return 2;
      },
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isRead).toBe(false);
    await loop.close();
    expect(await Promise.all([first, second])).toEqual([{ failure: 'closed' }, { failure: 'closed' }]);
  });

  it('reports the death of the thread as a failure and runs the next task in a new thread', async () => {
    const loop = offLoop();
    expect(await Promise.all([loop.run(task(-1)), loop.run(task(2))])).toEqual([{ failure: 'thread-died' }, result(4)]);
    await loop.close();
  });

  it('ends a thread that exceeds its memory', async () => {
    const greedy = thread("const held = []; for (;;) held.push('x'.repeat(1000).split(''));");
    expect(await offLoop({ heapMib: 8 }, greedy).run(task(1))).toEqual({ failure: 'thread-died' });
  });

  it('terminates a task that exceeds its deadline and runs the next one', async () => {
    const loop = offLoop({ timeoutMs: 2000 });
    expect(await Promise.all([loop.run(task(0)), loop.run(task(2))])).toEqual([{ failure: 'timed-out' }, result(4)]);
    await loop.close();
  });

  it('removes an aborted task, whether it waits or runs', async () => {
    const loop = offLoop();
    const [running, waiting] = [new AbortController(), new AbortController()];
    const outcomes = [
      loop.run({ ...task(0), signal: running.signal }),
      loop.run({ ...task(1), signal: waiting.signal }),
      loop.run(task(2)),
      loop.run({ ...task(3), signal: AbortSignal.abort() }),
    ];
    waiting.abort();
    expect(await outcomes[1]).toEqual({ failure: 'aborted' });
    running.abort();
    expect(await Promise.all(outcomes)).toEqual([
      { failure: 'aborted' },
      { failure: 'aborted' },
      result(4),
      { failure: 'aborted' },
    ]);
    await loop.close();
  });

  it('refuses a task when too many are waiting', async () => {
    const loop = offLoop({ maxWaiting: 1 });
    expect(await Promise.all([1, 2, 3].map((n) => loop.run(task(n))))).toEqual([
      result(2),
      result(4),
      { failure: 'queue-full' },
    ]);
    await loop.close();
  });

  it('rejects with the error of an input that cannot be read, and runs the next task', async () => {
    const loop = offLoop();
    const failing = loop.run({ request: () => Promise.reject(new Error('The database is not responding.')) });
    const next = loop.run(task(1));
    await expect(failing).rejects.toThrow('not responding');
    expect(await next).toEqual(result(2));
    await loop.close();
  });

  it('moves memory to the thread instead of copying it', async () => {
    const loop = new OffLoop<Uint8Array<ArrayBuffer>, number>(thread('parentPort.postMessage(request.byteLength)'), {
      heapMib: 64,
      timeoutMs: 30_000,
      maxWaiting: 1,
    });
    const bytes = new Uint8Array(1000);
    expect(await loop.run({ request: () => bytes, transfer: ({ buffer }) => [buffer] })).toEqual({ result: 1000 });
    expect(bytes.byteLength).toBe(0);
    await loop.close();
  });

  it('fails running, waiting and later tasks after it was closed', async () => {
    const loop = offLoop();
    const tasks = [loop.run(task(0)), loop.run(task(1))];
    await loop.close();
    expect(await Promise.all([...tasks, loop.run(task(2))])).toEqual(Array(3).fill({ failure: 'closed' }));
  });
});
