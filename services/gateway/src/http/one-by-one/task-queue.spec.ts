import { describe, expect, it } from '@jest/globals';
import { TaskQueue } from './task-queue.js';

describe(TaskQueue, () => {
  it('starts a task when the previous one has succeeded or failed', async () => {
    const queue = new TaskQueue(3);
    const seen: string[] = [];
    let breakFirst: (error: Error) => void = () => undefined;
    const first = new Promise<void>((_, reject) => (breakFirst = reject));
    const tasks = [
      queue.run(async () => {
        seen.push('first');
        await first;
      }),
      queue.run(() => Promise.resolve(seen.push('second'))),
    ];
    await Promise.resolve();
    expect(seen).toEqual(['first']);
    breakFirst(new Error('broken'));
    await expect(tasks[0]).rejects.toThrow('broken');
    await tasks[1];
    expect(seen).toEqual(['first', 'second']);
  });

  it('is full at its capacity, until a task ends', async () => {
    const queue = new TaskQueue(2);
    const tasks = [queue.run(() => Promise.resolve())];
    expect(queue.isFull).toBe(false);
    tasks.push(queue.run(() => Promise.resolve()));
    expect(queue.isFull).toBe(true);
    await Promise.all(tasks);
    expect(queue.isFull).toBe(false);
  });
});
